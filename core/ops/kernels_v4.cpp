#include "core/ops/isa_tables.h"

#define LAB_VECTOR_BYTES 64  // AVX-512 F, BW, CD, DQ, VL
#include "core/ops/kernels_table.inl.h"

namespace lab {

const Kernels<float>* v4Kernels() {
    return &table<float>;
}

}  // namespace lab
