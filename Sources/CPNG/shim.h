#include <png.h>
#include "decode.h"
