#include "core/ops/isa_tables.h"

#define LAB_VECTOR_BYTES 16  // SSE2 and NEON, which every x86-64 and every 64-bit Arm has
#include "core/ops/kernels_table.inl.h"

namespace lab {

GenericKernels genericKernels() {
    return {&table<float>, &table<double>};
}

}  // namespace lab
