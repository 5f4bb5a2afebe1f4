#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/compression.h"
#include "core/data/loss_unit.h"
#include "ui/window/experiment_tables.h"

namespace lab {

class Model;

/// What was measured of a run at a step.
struct MeasuredForms {
    std::int64_t step = 0;
    int samples = 0;  ///< validation sequences
    LossUnit unit;    ///< what their loss is shown in beside nats a token
    PruneWhat what = PruneWhat::heads;
    std::vector<Compressed> forms;  ///< the first one: the model as it is
};

ExperimentTable quantisedTable(const Model& model, const MeasuredForms& measured);
ExperimentTable prunedTable(const Model& model, const MeasuredForms& measured);

/// What a form is called behind the name of its run: "8 bits", "half of the heads pruned".
QString formName(const Compressed& form, PruneWhat what);

}  // namespace lab
