void assay_kernels_placeholder(void);
