#include <dnnl.h>

// Of the OpenMP runtime that oneDNN is linked with; its header belongs to the compiler.
extern void omp_set_num_threads(int count);
