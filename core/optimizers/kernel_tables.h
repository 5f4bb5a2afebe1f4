#pragma once

#include "core/optimizers/update_kernel.h"

// What each per-ISA object exports: one accessor and nothing else (a ctest looks with nm). Only update_rule.cpp calls them.

namespace lab {

/// The kernels of all rules in the order of their table.
struct UpdateKernels {
    const UpdateKernel<float>* single;
    const UpdateKernel<double>* twice;  ///< double precision; null but in the generic object
};

UpdateKernels genericUpdateKernels();
#ifdef LAB_KERNELS_X86_LEVELS
UpdateKernels v3UpdateKernels();
UpdateKernels v4UpdateKernels();
#endif

}  // namespace lab
