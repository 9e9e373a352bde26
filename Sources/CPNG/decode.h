/* Decoding of a PNG image in memory.
 *
 * libpng reports errors by a long jump, which must not cross Swift frames: these functions catch it
 * and return a message. Grey, colour, palette and alpha images of every depth are read; palettes
 * become colours, 1, 2 and 4 bits become 8, 16 bits stay (big-endian). Gamma is left alone. */
#ifndef ASSAY_PNG_DECODE_H
#define ASSAY_PNG_DECODE_H

#include <png.h>
#include <setjmp.h>
#include <stddef.h>
#include <string.h>

typedef struct {
  unsigned width, height, channels, bit_depth;
  ptrdiff_t row_bytes;
} assay_png_header;

typedef struct {
  const unsigned char *bytes;
  size_t count, position;
} assay_png_source;

typedef struct {
  char *text;
  size_t capacity;
} assay_png_message;

static void assay_png_pull(png_structp png, png_bytep target, size_t count) {
  assay_png_source *source = (assay_png_source *)png_get_io_ptr(png);
  if (count > source->count - source->position) png_error(png, "it is cut off");
  memcpy(target, source->bytes + source->position, count);
  source->position += count;
}

static void assay_png_fail(png_structp png, png_const_charp text) {
  assay_png_message *message = (assay_png_message *)png_get_error_ptr(png);
  strncpy(message->text, text, message->capacity - 1);
  png_longjmp(png, 1);
}

static void assay_png_warn(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

/* Reads the header, and the rows too where `pixels` has room for them. Returns 0, or 1 with a
 * message. */
static inline int assay_png_read(
    const unsigned char *bytes, size_t count, assay_png_header *header, unsigned char *pixels,
    size_t capacity, char *text, size_t text_capacity) {
  assay_png_source source = {bytes, count, 0};
  assay_png_message message = {text, text_capacity};
  png_structp png = png_create_read_struct(
      PNG_LIBPNG_VER_STRING, &message, assay_png_fail, assay_png_warn);
  if (png == NULL) return 1;
  png_infop info = png_create_info_struct(png);
  if (info == NULL || setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 1;
  }
  png_set_read_fn(png, &source, assay_png_pull);
  png_read_info(png, info);
  png_set_palette_to_rgb(png);
  png_set_expand_gray_1_2_4_to_8(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->channels = png_get_channels(png, info);
  header->bit_depth = png_get_bit_depth(png, info);
  header->row_bytes = (ptrdiff_t)png_get_rowbytes(png, info);
  if (pixels != NULL) {
    if (capacity / (size_t)header->row_bytes < header->height) png_error(png, "it changed");
    for (int pass = 0; pass < passes; pass++)
      for (unsigned row = 0; row < header->height; row++)
        png_read_row(png, pixels + (size_t)header->row_bytes * row, NULL);
    png_read_end(png, NULL);
  }
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

#endif
