// Debian keeps the headers of the serial library apart from those of the parallel ones.
#include <hdf5/serial/hdf5.h>

// The library's names for types and classes are macros with side effects, which Swift cannot see.
static inline hid_t CHDF5NativeFloat(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t CHDF5NativeDouble(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t CHDF5NativeUInt8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t CHDF5NativeInt32(void) { return H5T_NATIVE_INT32; }
static inline hid_t CHDF5NativeInt64(void) { return H5T_NATIVE_INT64; }
static inline hid_t CHDF5FileAccess(void) { return H5P_FILE_ACCESS; }
static inline unsigned CHDF5ReadOnly(void) { return H5F_ACC_RDONLY; }
