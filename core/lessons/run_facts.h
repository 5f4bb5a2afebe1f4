#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/config/experiment.h"
#include "core/learn/expression.h"
#include "core/lessons/stream_facts.h"
#include "core/model/trace.h"
#include "core/training/metrics_csv.h"

namespace lab {

/// What expressions may name of a run at one of its steps: its settings by their keys, the metrics of that step ("train_loss"; of
/// validations the last one up to it; one that is not yet there is no number, to which nothing compares), the tensors of the trace by
/// their names, and what the residual stream says.
class RunFacts : public Facts {
public:
    /// Made when the first tensor is asked for; may give null, and outlives this.
    using MakeTrace = std::function<const Trace*()>;
    RunFacts(const Experiment& experiment, MakeTrace trace, std::optional<MetricsRow> metrics = std::nullopt)
        : m_experiment(experiment), m_trace(std::move(trace)), m_metrics(metrics) {}

    /// What else has a name: "n", how many tokens are read.
    std::map<std::string, double, std::less<>> numbers;
    std::map<std::string, std::string, std::less<>> words;
    /// Called when the first function asks a stream; without it there is none. What it gives outlives this.
    std::function<const StreamFacts*()> stream;

    std::optional<double> number(std::string_view name) const override;
    std::optional<std::string> word(std::string_view name) const override;
    std::optional<Tensor> tensor(std::string_view name) const override;
    std::optional<double> ofStream(StreamFunction function, const std::vector<Argument>& arguments) const override;

private:
    const Experiment& m_experiment;
    MakeTrace m_trace;
    std::optional<MetricsRow> m_metrics;
};

}  // namespace lab
