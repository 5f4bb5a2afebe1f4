#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/fixed_maps.h"
#include "core/analysis/position_probe.h"
#include "ui/runs/run.h"
#include "ui/widgets/figure.h"

// What came of the experiments beside a run, as tables and as sentences that say no more than was measured.

namespace lab {

struct ExperimentTable {
    struct Column {
        std::string id;
        QString title, help;
        enum class Is { share, loss, change, count } is = Is::share;  ///< change: of a loss, with its sign
    };
    struct Row {
        QString name;
        std::vector<double> numbers;  ///< one a column; not a number: not known
    };
    QString rowsAre;  ///< title of the names' column
    std::vector<Column> columns;
    std::vector<Row> rows;
    QString sentence;

    bool empty() const { return rows.empty(); }
    FigureTable numbers() const;
};

/// training.frozen of the two experiments: the attention's weights, and all others that the model has.
std::vector<std::string> frozenAttention();
std::vector<std::string> frozenRest(const Run& run);
/// Those of `runs` that are `shown` with nothing or something else frozen, itself included.
std::vector<Run*> frozenKin(const Run& shown, const std::vector<Run*>& runs);
ExperimentTable frozenTable(const Run& shown, const std::vector<Run*>& kin);

/// The run's settings with a feed-forward net of as many parameters in place of attention, and positions added to the rows where they went
/// into queries, keys or scores. Nothing where the model cannot have one.
std::optional<Experiment> withNet(const Run& run);
/// Those of `runs` that are `shown` with attention or a net, itself included.
std::vector<Run*> mixerKin(const Run& shown, const std::vector<Run*>& runs);
ExperimentTable mixerTable(const Run& shown, const std::vector<Run*>& kin);

/// What was measured of a run at a step.
struct MeasuredMaps {
    std::int64_t step = 0;
    int tokens = 0;
    FixedMaps maps;
};
ExperimentTable fixedMapsTable(const Model& model, const MeasuredMaps& measured);

struct MeasuredPositions {
    std::int64_t step = 0;
    PositionProbes probes;
};
ExperimentTable positionTable(const Model& model, const MeasuredPositions& measured);

}  // namespace lab
