#include "ui/runs/run_session.h"

#include <cmath>
#include <limits>

#include "core/base/errors.h"

namespace lab {
namespace {

constexpr std::size_t columns = 13;

void put(std::vector<double>& row, const Evaluation& evaluation) {
    row.insert(row.end(), {evaluation.loss, evaluation.accuracy, evaluation.sequenceAccuracy});
}

std::vector<double> rowOf(const StepRecord& record) {
    const double absent = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> row{static_cast<double>(record.step)};
    put(row, record.train);
    put(row, record.validation.value_or(Evaluation{absent, absent, absent}));
    row.insert(row.end(), {record.learningRate, record.gradientNorm, record.seconds, static_cast<double>(record.tokens)});
    row.resize(columns);
    return row;
}

StepRecord recordOf(const std::vector<double>& row) {
    StepRecord record;
    record.step = static_cast<std::int64_t>(row[0]);
    record.train = {row[1], row[2], row[3]};
    if (!std::isnan(row[4])) record.validation = Evaluation{row[4], row[5], row[6]};
    record.learningRate = row[7];
    record.gradientNorm = row[8];
    record.seconds = row[9];
    record.tokens = static_cast<int>(row[10]);
    return record;
}

}  // namespace

Session sessionOf(const Run& run, std::int64_t step) {
    Session session;
    session.firstStep = run.records().empty() ? run.step() : run.records().front().step - 1;
    for (const CheckpointPtr& checkpoint : run.history().checkpoints())
        if (checkpoint->step <= step)
            session.moments.push_back({checkpoint->step, std::shared_ptr<const Weights>(checkpoint, &checkpoint->weights)});
    for (const auto& [pinned, name] : run.history().pins())
        if (pinned <= step) session.pins[pinned] = name;
    for (const StepRecord& record : run.records())
        if (record.step <= step) session.rows.push_back(rowOf(record));
    return session;
}

void rememberSession(Run& run, const Session& session) {
    RunPast past;
    past.firstStep = session.firstStep;
    for (const std::vector<double>& row : session.rows) {
        const std::int64_t expected = session.firstStep + static_cast<std::int64_t>(past.records.size()) + 1;
        if (row.size() != columns || !(row[0] == static_cast<double>(expected)))
            throw InputError("The session's records are not of the steps from " + std::to_string(session.firstStep + 1) + " on.");
        past.records.push_back(recordOf(row));
    }
    for (const Session::Moment& moment : session.moments)
        past.checkpoints.push_back(std::make_shared<Checkpoint>(Checkpoint{moment.step, *moment.weights}));
    past.pins = session.pins;
    const std::int64_t last = past.firstStep + static_cast<std::int64_t>(past.records.size());
    const bool beyond = !past.checkpoints.empty() && past.checkpoints.back()->step > last;
    if (last != run.step() || beyond)
        throw InputError("The session's records end at step " + std::to_string(last) + ", but its weights are of step " +
                         std::to_string(run.step()) + ".");
    run.remember(std::move(past));
}

}  // namespace lab
