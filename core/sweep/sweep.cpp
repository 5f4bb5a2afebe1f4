#include "core/sweep/sweep.h"

#include <algorithm>
#include <cassert>

#include "core/base/files.h"
#include "core/config/experiment_json.h"
#include "core/config/visitor.h"
#include "core/io/experiment_file.h"
#include "core/sweep/sweep_json.h"

namespace lab {
namespace {

bool isDataPath(const std::string& path) {
    return path == "task.path" || path == "task.validation_path" || path == "task.tokenizer" || path == "task.sentences";
}

/// One value of a key that names a file, as another folder must call it.
void relocateValue(GridKey& key, std::size_t i, const std::filesystem::path& from, const std::filesystem::path& to) {
    Experiment experiment;
    setJson(experiment, key.path, key.values[i]);
    experiment = relocated(std::move(experiment), from, to);
    key.cells[i] = fieldTable().at(key.path).text(experiment);
    key.values[i] = jsonText(key.cells[i]);
}

/// What changes no number of a run.
Experiment withoutNames(Experiment experiment) {
    experiment.name.clear();
    experiment.about.clear();
    experiment.training.pace = 0;
    return experiment;
}

Message differenceOfKeys(const GridKey& there, const GridKey& here) {
    if (there.path != here.path) return Message(LAB_TEXT("sweep", "the grid's key is %1 there and %2 here")).arg(there.path).arg(here.path);
    if (there.cells == here.cells) return {};
    return Message(LAB_TEXT("sweep", "%1 runs through %2 there and %3 here"))
        .arg(there.path)
        .arg(listed(there.cells))
        .arg(listed(here.cells));
}

/// Whether a key may change the task, and with it what answers are.
bool isOfTask(const GridKey& key) {
    return key.path == "task" || key.path.starts_with("task.");
}

/// The first of the runs that differ in nothing but keys that leave the task as it is.
bool isFirstOfTask(const Sweep& sweep, int run) {
    const std::vector<std::size_t> places = sweep.places(run);
    for (std::size_t k = 0; k < places.size(); ++k)
        if (places[k] > 0 && !isOfTask(sweep.grid[k])) return false;
    return true;
}

}  // namespace

int Sweep::runCount() const {
    std::size_t runs = 1;
    for (const GridKey& key : grid) runs *= key.values.size();
    return static_cast<int>(runs);
}

std::vector<std::size_t> Sweep::places(int run) const {
    assert(run >= 0 && run < runCount());
    std::vector<std::size_t> result(grid.size());
    auto rest = static_cast<std::size_t>(run);
    for (std::size_t k = grid.size(); k-- > 0;) {
        result[k] = rest % grid[k].values.size();
        rest /= grid[k].values.size();
    }
    return result;
}

Experiment experimentOf(const Sweep& sweep, int run) {
    Experiment experiment = sweep.base;
    const std::vector<std::size_t> places = sweep.places(run);
    for (std::size_t k = 0; k < places.size(); ++k) setJson(experiment, sweep.grid[k].path, sweep.grid[k].values[places[k]]);
    return experiment;
}

std::vector<std::string> cellsOf(const Sweep& sweep, int run) {
    std::vector<std::string> cells;
    const std::vector<std::size_t> places = sweep.places(run);
    for (std::size_t k = 0; k < places.size(); ++k) cells.push_back(sweep.grid[k].cells[places[k]]);
    return cells;
}

std::string describeRun(const Sweep& sweep, int run) {
    std::string text;
    const std::vector<std::string> cells = cellsOf(sweep, run);
    for (std::size_t k = 0; k < cells.size(); ++k) text += (text.empty() ? "" : ", ") + sweep.grid[k].path + " = " + cells[k];
    return text;
}

Message placeOfRun(const Sweep& sweep, int run) {
    return Message(LAB_TEXT("sweep", "run %1 (%2)")).arg(run).arg(describeRun(sweep, run));
}

std::optional<LossKind> lossOf(const Sweep& sweep) {
    const LossKind loss = experimentOf(sweep, 0).task.kind->loss;
    for (int run = 1; run < sweep.runCount(); ++run)
        if (isFirstOfTask(sweep, run) && experimentOf(sweep, run).task.kind->loss != loss) return std::nullopt;
    return loss;
}

Sweep relocated(Sweep sweep, const std::filesystem::path& to) {
    for (GridKey& key : sweep.grid) {
        if (!isDataPath(key.path)) continue;
        for (std::size_t i = 0; i < key.values.size(); ++i) relocateValue(key, i, sweep.folder, to);
    }
    sweep.base = relocated(std::move(sweep.base), sweep.folder, to);
    sweep.folder = to;
    return sweep;
}

Message differenceOf(const Sweep& there, const Sweep& here) {
    if (there.grid.size() != here.grid.size())
        return Message(LAB_PLURAL("sweep", "the grid has %n key(s) there and %1 here")).count(std::ssize(there.grid)).arg(here.grid.size());
    for (std::size_t k = 0; k < there.grid.size(); ++k)
        if (Message difference = differenceOfKeys(there.grid[k], here.grid[k]); !difference.empty()) return difference;
    const Experiment a = withoutNames(there.base), b = withoutNames(here.base);
    const std::vector<std::string> paths = differences(a, b);
    if (paths.empty()) return {};
    const FieldInfo& field = fieldTable().at(paths.front());
    const auto shown = [&](const Experiment& experiment) {
        const std::string text = field.text(experiment);
        return text.empty() ? Message(LAB_TEXT("sweep", "absent")) : Message::verbatim(text);
    };
    return Message(LAB_TEXT("sweep", "%1 is %2 there and %3 here")).arg(field.path).arg(shown(a)).arg(shown(b));
}

}  // namespace lab
