#include "core/sweep/summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>

#include "core/base/median.h"
#include "core/tasks/task_config.h"

namespace lab {
namespace {

constexpr double failedBelow = 0.5;
constexpr double sameWithin = 0.001;   // a tenth of a point
constexpr double steadyWithin = 1.25;  // times of like runs that differ by more say nothing

std::size_t placeOf(const std::vector<std::string>& keys, const std::string& key) {
    return static_cast<std::size_t>(std::ranges::find(keys, key) - keys.begin());
}

SummaryKeys keysOf(const std::vector<std::string>& keys) {
    const auto has = [&](const char* key) { return std::ranges::find(keys, key) != keys.end(); };
    SummaryKeys chosen;
    if (has("task.kind")) chosen.row = "task.kind";
    if (has("model.attention.form")) chosen.column = "model.attention.form";
    for (const std::string& key : keys) {
        if (isSeedKey(key) || key == chosen.row || key == chosen.column) continue;
        if (chosen.row.empty()) {
            chosen.row = key;
        } else if (chosen.column.empty()) {
            chosen.column = key;
        }
    }
    return chosen;
}

double meanOf(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double squaresAbout(const std::vector<double>& values, double mean) {
    double sum = 0;
    for (const double value : values) sum += (value - mean) * (value - mean);
    return sum;
}

/// The rows of one cell, gathered.
struct Gathered {
    std::map<Configuration, std::vector<double>> accuracies, times;  ///< times: seconds of a step
    std::map<Configuration, int> runs;
    std::vector<double> parameters;
    int diverged = 0;
};

/// The slowest over the fastest run of one configuration, at its worst.
std::optional<double> scatterOf(const std::map<Configuration, std::vector<double>>& times) {
    std::optional<double> scatter;
    for (const auto& [configuration, ofRuns] : times) {
        const auto [least, most] = std::ranges::minmax(ofRuns);
        if (ofRuns.size() > 1 && least > 0) scatter = std::max(scatter.value_or(1), most / least);
    }
    return scatter;
}

SummaryCell cellOf(const std::string& row, const std::string& column, const Gathered& gathered) {
    SummaryCell cell;
    cell.row = row;
    cell.column = column;
    cell.configurations = static_cast<int>(gathered.accuracies.size());
    cell.runsOf = gathered.runs;
    for (const auto& [configuration, runs] : gathered.runs) cell.runs += runs;
    cell.diverged = gathered.diverged;
    std::vector<double> means;
    double squares = 0, freedom = 0;
    for (const auto& [configuration, accuracies] : gathered.accuracies) {
        cell.rated.push_back(configuration);
        means.push_back(meanOf(accuracies));
        squares += squaresAbout(accuracies, means.back());
        freedom += static_cast<double>(accuracies.size()) - 1;
        cell.failed += static_cast<int>(std::ranges::count_if(accuracies, [](double a) { return a < failedBelow; }));
    }
    if (!means.empty()) {
        cell.mean = meanOf(means);
        cell.spread = std::sqrt(squaresAbout(means, *cell.mean) / static_cast<double>(means.size()));
    }
    if (freedom > 0) cell.runSpread = std::sqrt(squares / freedom);
    cell.parameters = meanOf(gathered.parameters);
    std::vector<double> times;
    for (const auto& [configuration, ofRuns] : gathered.times) times.insert(times.end(), ofRuns.begin(), ofRuns.end());
    cell.secondsPerStep = medianOf(times);
    cell.secondsScatter = scatterOf(gathered.times);
    return cell;
}

std::string formatted(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

Message points(double difference) {
    return Message(LAB_TEXT("sweep", "%1 points")).arg(formatted("%.2f", 100 * difference));
}

/// The cells of a row, best first.
std::vector<const SummaryCell*> ranked(const Summary& summary, const std::string& row) {
    std::vector<const SummaryCell*> cells;
    for (const std::string& column : summary.columns)
        if (const SummaryCell* cell = summary.cell(row, column); cell && cell->mean) cells.push_back(cell);
    std::ranges::stable_sort(cells, [](const SummaryCell* a, const SummaryCell* b) { return *a->mean > *b->mean; });
    return cells;
}

/// The cells whose distance to the best is no more than runs scatter, the best first. With one run a configuration nobody knows how much
/// that is: the best alone.
struct Lead {
    std::vector<const SummaryCell*> cells, ahead;
    double scatter = 0;
    bool known = false;
    bool comparable = true;  ///< all have results of the same configurations

    bool same() const { return *cells.front()->mean - *cells.back()->mean < sameWithin; }
    bool tie() const { return ahead.size() > 1; }
    double within() const { return std::max(sameWithin, known ? 2 * scatter : 0.0); }
    const SummaryCell* next() const { return ahead.size() < cells.size() ? cells[ahead.size()] : nullptr; }
};

Lead leadOf(const Summary& summary, const std::string& row) {
    Lead lead;
    lead.cells = ranked(summary, row);
    if (lead.cells.empty()) return lead;
    const SummaryCell& best = *lead.cells.front();
    for (const SummaryCell* cell : lead.cells) lead.scatter = std::max(lead.scatter, cell->runSpread.value_or(0));
    lead.known = std::ranges::all_of(lead.cells, [](auto c) { return c->runSpread.has_value(); });
    lead.comparable = std::ranges::all_of(lead.cells, [&](auto c) { return c->rated == best.rated; });
    for (const SummaryCell* cell : lead.cells)
        if (*best.mean - *cell->mean < lead.within()) lead.ahead.push_back(cell);
    return lead;
}

std::string columnName(const Summary& summary, const SummaryCell* cell) {
    return displayName(cell->column, summary.keys.column);
}

Message columnNames(const Summary& summary, const std::vector<const SummaryCell*>& cells) {
    std::vector<std::string> names;
    for (const SummaryCell* cell : cells) names.push_back(columnName(summary, cell));
    return together(names);
}

/// Several share the lead: a smaller distance is not told, or no more than runs scatter.
Message tieSentence(const Summary& summary, const Lead& lead) {
    const std::vector<const SummaryCell*>& cells = lead.same() ? lead.cells : lead.ahead;
    const SummaryCell* next = lead.same() ? nullptr : lead.next();
    const bool close = *cells.front()->mean - *cells.back()->mean < sameWithin;
    const SourceText said = close  ? (next ? LAB_TEXT("sweep", "%1 differ by less than a tenth of a point (%2 to %3); %4 follows with %5.")
                                           : LAB_TEXT("sweep", "%1 differ by less than a tenth of a point (%2 to %3)."))
                            : next ? LAB_TEXT("sweep",
                                              "%1 tie (%2 to %3), within twice what runs of one configuration scatter (%4); "
                                              "%5 follows with %6.")
                                   : LAB_TEXT("sweep", "%1 tie (%2 to %3), within twice what runs of one configuration scatter (%4).");
    Message text =
        Message(said).arg(columnNames(summary, cells)).arg(percentText(*cells.back()->mean)).arg(percentText(*cells.front()->mean));
    if (!close) text.arg(points(lead.scatter));
    return next ? std::move(text).arg(columnName(summary, next)).arg(percentText(*next->mean)) : text;
}

/// Who is ahead of the next in one row, by more than runs scatter; or who ties.
Message orderSentence(const Summary& summary, const std::string& row) {
    const Lead lead = leadOf(summary, row);
    if (lead.cells.size() < 2) return {};
    if (!lead.comparable)
        return Message(LAB_TEXT("sweep", "%1 do not have results of the same configurations, so their means cannot be compared."))
            .arg(columnNames(summary, lead.cells));
    if (lead.same() || lead.tie()) return tieSentence(summary, lead);
    const SummaryCell& best = *lead.cells.front();
    const SourceText ahead = lead.known ? LAB_TEXT("sweep",
                                                   "%1 is ahead with %2, %3 above the next, %4, more than twice what runs of one "
                                                   "configuration scatter (%5).")
                                        : LAB_TEXT("sweep",
                                                   "%1 is ahead with %2, %3 above the next, %4; with one run of each configuration "
                                                   "nobody knows whether that is chance.");
    Message text = Message(ahead)
                       .arg(columnName(summary, &best))
                       .arg(percentText(*best.mean))
                       .arg(points(*best.mean - *lead.next()->mean))
                       .arg(columnName(summary, lead.next()));
    return lead.known ? std::move(text).arg(points(lead.scatter)) : text;
}

/// Whether the published order is found again.
Message publishedSentence(const Summary& summary, const std::string& row) {
    const Lead lead = leadOf(summary, row);
    std::vector<const Published*> there;
    for (const SummaryCell* cell : lead.cells)
        if (const Published* figure = published(row, cell->column)) there.push_back(figure);
    if (lead.cells.size() < 2 || !lead.comparable || there.size() != lead.cells.size()) return {};
    std::ranges::stable_sort(there, [](auto a, auto b) { return a->mean > b->mean; });
    const Published &first = *there[0], &second = *there[1];
    if (first.mean - second.mean < sameWithin)
        return lead.same() ? LAB_TEXT("sweep", "published without a difference too.")
                           : LAB_TEXT("sweep", "published without a difference.");
    const bool none = lead.same() || lead.tie(), again = first.form == lead.cells.front()->column;
    const SourceText claim = none    ? LAB_TEXT("sweep", "published with %1 ahead of the next, %2, by %3; no clear lead here.")
                             : again ? LAB_TEXT("sweep", "published with %1 ahead of the next, %2, by %3; the same form leads here.")
                                     : LAB_TEXT("sweep", "published with %1 ahead of the next, %2, by %3; here %4 leads.");
    Message text = Message(claim).arg(displayName(first.form)).arg(displayName(second.form)).arg(points(first.mean - second.mean));
    return none || again ? text : std::move(text).arg(displayName(lead.cells.front()->column));
}

std::optional<LossKind> lossOfRow(const Summary& summary, const std::string& row) {
    const auto task = summary.keys.row == "task.kind" ? Kind<TaskSpec>::find(row) : std::nullopt;
    return task ? std::optional((*task)->loss) : summary.loss;
}

SourceText stuckText(std::optional<LossKind> loss) {
    if (!loss) return LAB_PLURAL("sweep", "%1 of %n run(s) end at less than half, of right answers or of squares explained.");
    return specOf(*loss).numbers ? LAB_PLURAL("sweep", "%1 of %n run(s) end with less than half of the squares explained.")
                                 : LAB_PLURAL("sweep", "%1 of %n run(s) end at less than half of all right.");
}

Message failureSentence(const Summary& summary, const std::string& row) {
    int failed = 0, runs = 0, diverged = 0;
    double publishedSpread = 0;
    for (const std::string& column : summary.columns) {
        const SummaryCell* cell = summary.cell(row, column);
        if (!cell) continue;
        failed += cell->failed;
        runs += cell->runs;
        diverged += cell->diverged;
        if (const Published* figure = published(row, column)) publishedSpread = std::max(publishedSpread, figure->spread);
    }
    Message stuck, lost;
    if (failed > 0) stuck = Message(stuckText(lossOfRow(summary, row))).arg(failed).count(runs);
    if (failed == 0 && publishedSpread > 0.2)
        stuck = Message(LAB_TEXT("sweep",
                                 "no run stays stuck; the published standard deviation over configurations of up to %1 says that "
                                 "some did there."))
                    .arg(formatted("%.2f", publishedSpread));
    if (diverged > 0) lost = Message(LAB_PLURAL("sweep", "%1 of %n training(s) diverged.")).arg(diverged).count(runs);
    return Message::joined({stuck, lost});
}

/// The mean of a column over all rows, given that it has them all.
std::optional<double> overRows(const Summary& summary, const std::string& column, double SummaryCell::*value) {
    double sum = 0;
    for (const std::string& row : summary.rows) {
        const SummaryCell* cell = summary.cell(row, column);
        if (!cell) return std::nullopt;
        sum += cell->*value;
    }
    return sum / static_cast<double>(summary.rows.size());
}

/// Whether the two columns have as many runs of the same configurations in every row, as they have when a sweep is complete.
bool haveSameRuns(const Summary& summary, const std::string& a, const std::string& b) {
    return std::ranges::all_of(summary.rows, [&](const std::string& row) {
        const SummaryCell *left = summary.cell(row, a), *right = summary.cell(row, b);
        return left && right && left->runsOf == right->runsOf;
    });
}

void addCosts(std::vector<Message>& sentences, const Summary& summary) {
    if (summary.columns.size() < 2) return;
    const std::string& first = summary.columns.front();
    const auto weights = overRows(summary, first, &SummaryCell::parameters), time = overRows(summary, first, &SummaryCell::secondsPerStep);
    const std::optional<double> scatter = summary.timeScatter();
    const bool steady = scatter && summary.timesAreSteady();
    const std::size_t before = sentences.size();
    for (std::size_t i = 1; i < summary.columns.size(); ++i) {
        const std::string& column = summary.columns[i];
        const auto w = overRows(summary, column, &SummaryCell::parameters), t = overRows(summary, column, &SummaryCell::secondsPerStep);
        if (!weights || !w || !time || !t || *time <= 0 || !haveSameRuns(summary, first, column)) continue;
        const double share = *w / *weights - 1;
        const SourceText cost = share < 0 ? steady
                                                ? LAB_TEXT("sweep", "%1 has %2 fewer parameters than %3; its steps took %4 times as long.")
                                                : LAB_TEXT("sweep", "%1 has %2 fewer parameters than %3.")
                                : steady ? LAB_TEXT("sweep", "%1 has %2 more parameters than %3; its steps took %4 times as long.")
                                          : LAB_TEXT("sweep", "%1 has %2 more parameters than %3.");
        Message sentence = Message(cost)
                               .arg(displayName(column, summary.keys.column))
                               .arg(formatted("%.1f %%", 100 * std::abs(share)))
                               .arg(displayName(first, summary.keys.column));
        if (steady) sentence.arg(formatted("%.2f", *t / *time));
        sentences.push_back(std::move(sentence));
    }
    if (!scatter && sentences.size() > before)
        sentences.push_back(LAB_TEXT("sweep",
                                     "Of times nothing is said: with one run of each configuration nobody knows how much they "
                                     "scatter."));
    if (scatter && !steady)
        sentences.push_back(Message(LAB_TEXT("sweep",
                                             "Times say nothing here: runs of one configuration differ by up to a factor of %1, as on a "
                                             "machine that has other work."))
                                .arg(formatted("%.1f", *scatter)));
}

Message overallSentence(const Summary& summary) {
    if (!std::ranges::all_of(summary.rows, [&](const std::string& row) { return leadOf(summary, row).comparable; })) return {};
    std::vector<std::pair<double, std::string>> means;
    for (const std::string& column : summary.columns) {
        double sum = 0;
        for (const std::string& row : summary.rows) {
            const SummaryCell* cell = summary.cell(row, column);
            if (!cell || !cell->mean) return {};
            sum += *cell->mean;
        }
        means.emplace_back(sum / static_cast<double>(summary.rows.size()), column);
    }
    if (means.size() < 2 || summary.rows.size() < 2) return {};
    std::ranges::stable_sort(means, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> figures;
    for (const auto& [mean, column] : means) figures.push_back(displayName(column, summary.keys.column) + " " + percentText(mean));
    return Message(LAB_PLURAL("sweep", "Over all %n row(s): %1.")).count(std::ssize(summary.rows)).arg(listed(figures));
}

}  // namespace

const SummaryCell* Summary::cell(const std::string& row, const std::string& column) const {
    const auto found = std::ranges::find_if(cells, [&](const SummaryCell& c) { return c.row == row && c.column == column; });
    return found == cells.end() ? nullptr : &*found;
}

std::optional<double> Summary::timeScatter() const {
    std::optional<double> scatter;
    for (const SummaryCell& cell : cells) scatter = std::max(scatter, cell.secondsScatter);
    return scatter;
}

bool Summary::timesAreSteady() const {
    return timeScatter().value_or(1) <= steadyWithin;
}

bool isSeedKey(const std::string& key) {
    return key.ends_with("seed");
}

Summary summaryOf(const ResultsTable& table) {
    Summary summary;
    summary.loss = table.loss;
    summary.keys = keysOf(table.keys);
    const std::size_t row = placeOf(table.keys, summary.keys.row), column = placeOf(table.keys, summary.keys.column);
    summary.ofTest = std::ranges::any_of(table.rows, [](const ResultsRow& r) { return r.result.testAccuracy.has_value(); });
    std::map<std::pair<std::string, std::string>, Gathered> all;
    for (const ResultsRow& r : table.rows) {
        const std::string rowValue = row < r.cells.size() ? r.cells[row] : std::string(),
                          columnValue = column < r.cells.size() ? r.cells[column] : std::string();
        if (std::ranges::find(summary.rows, rowValue) == summary.rows.end()) summary.rows.push_back(rowValue);
        if (std::ranges::find(summary.columns, columnValue) == summary.columns.end()) summary.columns.push_back(columnValue);
        Gathered& gathered = all[{rowValue, columnValue}];
        Configuration configuration;
        for (std::size_t k = 0; k < table.keys.size(); ++k)
            if (!isSeedKey(table.keys[k]) && k != row && k != column) configuration.push_back(r.cells[k]);
        ++gathered.runs[configuration];
        gathered.parameters.push_back(static_cast<double>(r.result.parameters));
        if (r.result.diverged()) ++gathered.diverged;
        if (r.result.steps > 0) gathered.times[configuration].push_back(r.result.seconds / static_cast<double>(r.result.steps));
        const auto accuracy = summary.ofTest ? r.result.testAccuracy : r.result.validationAccuracy;
        if (accuracy) gathered.accuracies[configuration].push_back(*accuracy);
    }
    for (const auto& [key, gathered] : all) summary.cells.push_back(cellOf(key.first, key.second, gathered));
    return summary;
}

const Published* published(const std::string& task, const std::string& form) {
    struct Row {
        const char* task;
        int configurations;
        std::array<std::pair<double, double>, 3> meanAndSpread;  // of qkv, kv+pos, kv
    };
    static constexpr std::array<Row, 5> table{{
        {"reverse", 19, {{{0.6978, 0.38}, {0.7181, 0.35}, {0.7046, 0.37}}}},
        {"sort", 19, {{{0.9708, 0.033}, {0.9628, 0.038}, {0.9664, 0.035}}}},
        {"swap", 16, {{{0.588, 0.42}, {0.6711, 0.37}, {0.5974, 0.41}}}},
        {"sub", 16, {{{1, 0}, {1, 0}, {1, 0}}}},
        {"copy", 16, {{{1, 0}, {1, 0}, {1, 0}}}},
    }};
    static const std::vector<Published> figures = [] {
        std::vector<Published> all;
        constexpr std::array forms{"qkv", "kv+pos", "kv"};
        for (const Row& row : table)
            for (std::size_t f = 0; f < forms.size(); ++f)
                all.push_back({row.task, forms[f], row.meanAndSpread[f].first, row.meanAndSpread[f].second, row.configurations});
        return all;
    }();
    const auto found = std::ranges::find_if(figures, [&](const Published& p) { return p.task == task && p.form == form; });
    return found == figures.end() ? nullptr : &*found;
}

std::vector<Message> findings(const Summary& summary) {
    std::vector<Message> sentences;
    for (const std::string& row : summary.rows) {
        for (const Message& sentence : {orderSentence(summary, row), publishedSentence(summary, row), failureSentence(summary, row)})
            if (!sentence.empty()) sentences.push_back(located(displayName(row, summary.keys.row), sentence));
    }
    if (const Message overall = overallSentence(summary); !overall.empty()) sentences.push_back(overall);
    addCosts(sentences, summary);
    return sentences;
}

std::string displayName(const std::string& value) {
    static const std::map<std::string, std::string> forms = {
        {"qkv", "QKV"}, {"kv", "KV"}, {"kv+pos", "KV+Pos"}, {"q+kv", "Q+KV"}, {"k", "K"}};
    if (const auto task = Kind<TaskSpec>::find(value)) return Message((*task)->title).english();
    const auto found = forms.find(value);
    return found == forms.end() ? value : found->second;
}

std::string displayName(const std::string& value, const std::string& key) {
    const std::string name = displayName(value);
    if (name != value || key.empty() || key == "task.kind" || key == "model.attention.form") return name;
    return key.substr(key.rfind('.') + 1) + " " + value;
}

std::string percentText(double fraction, int decimals) {
    return formatted(decimals == 2 ? "%.2f %%" : decimals == 1 ? "%.1f %%" : "%.0f %%", 100 * fraction);
}

}  // namespace lab
