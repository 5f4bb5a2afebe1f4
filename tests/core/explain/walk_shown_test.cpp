// What the Markdown shows, number by number, held against the trace.

#include <QtTest>
#include <cmath>

#include "core/explain/markdown.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

/// Every form, as it is and with a padded token.
std::vector<std::pair<std::string, Subject>> subjects() {
    std::vector<std::pair<std::string, Subject>> all;
    for (const auto& [name, config] : explainedForms()) {
        all.emplace_back(name, subjectOf(config));
        all.emplace_back(name + ", padded", subjectOf(config, [](Input& input) {
                             input.masked.assign(input.tokens.size(), false);
                             input.masked[4] = true;
                         }));
    }
    return all;
}

QStringList cellsOf(const QString& line) {
    QStringList cells = QString(line).replace("\\|", "\u2502").split('|');
    cells.removeFirst();
    cells.removeLast();
    for (QString& cell : cells) cell = cell.trimmed();
    return cells;
}

/// Tables of a stage's section, without their heads.
std::vector<std::vector<QStringList>> tablesOf(const QString& section) {
    std::vector<std::vector<QStringList>> tables;
    bool inside = false;
    for (const QString& line : section.split('\n')) {
        if (!line.startsWith('|')) {
            inside = false;
        } else if (line.startsWith("|---")) {
            tables.emplace_back();
            inside = true;
        } else if (inside) {
            tables.back().push_back(cellsOf(line));
        }
    }
    return tables;
}

/// A number as it is written agrees with what it stands for to its last digit.
bool shows(const QString& written, double value) {
    if (std::isnan(value)) return written.isEmpty();
    QString text = written;
    text.replace(QChar(0x2212), '-');
    if (std::isinf(value)) return text == (value < 0 ? "-\u221E" : "\u221E");
    bool isNumber = false;
    const double shown = text.toDouble(&isNumber);
    const double unit = value == 0.0 ? 0.0 : std::pow(10.0, std::floor(std::log10(std::abs(value))) - 4.0);
    return isNumber && std::abs(shown - value) <= 0.500001 * unit;
}

void checkMarkdown(const std::string& name, const Walk& walk) {
    const QStringList sections = QString::fromStdString(markdown(walk, {name, "head", "tokens"})).split("\n## ").mid(1);
    QCOMPARE(sections.size(), static_cast<qsizetype>(walk.stages.size()));
    for (qsizetype i = 0; i < sections.size(); ++i) {
        const Stage& stage = walk.stages[static_cast<std::size_t>(i)];
        const auto tables = tablesOf(sections[i]);
        QVERIFY2(tables.size() == stage.grids.size(), (name + " " + stage.id).c_str());
        for (std::size_t g = 0; g < tables.size(); ++g) {
            const Grid& grid = stage.grids[g];
            QCOMPARE(static_cast<int>(tables[g].size()), grid.rows);
            for (int r = 0; r < grid.rows; ++r) {
                std::vector<double> values;
                if (!grid.lead.empty()) values.push_back(grid.at(r, leadColumn));
                for (int c = 0; c < grid.columns; ++c) values.push_back(grid.at(r, c));
                if (!grid.master.empty()) values.push_back(grid.at(r, masterColumn));
                const QStringList& written = tables[g][static_cast<std::size_t>(r)];
                QCOMPARE(written.size(), static_cast<qsizetype>(values.size() + 1));
                for (std::size_t k = 0; k < values.size(); ++k)
                    QVERIFY2(shows(written[static_cast<qsizetype>(k) + 1], values[k]),
                             (name + " " + stage.id + "/" + grid.id + " " + written.join(" ").toStdString()).c_str());
            }
        }
    }
}

/// Where a stage's numbers stand in the trace.
struct Place {
    std::string stage, grid;
    bool master;  ///< one result a row; else one number a column of the row
    int row;      ///< -1: the last; ignored for results
    std::string tensor;
    int head;  ///< of a tensor [heads, rows, columns]; -1: [rows, columns]
    int line;  ///< the row in the tensor
};

std::vector<Place> placesOf(const Subject& s, const Question& q, const Walk& walk) {
    const ModelConfig& config = s.model->config();
    const AttentionBlock& block = s.model->attentionBlocks()[static_cast<std::size_t>(q.block)];
    const int h = q.head, i = q.query, j = q.key, group = h / (block.heads / block.kvHeads);
    const std::string name = block.name, layer = block.side + "." + std::to_string(block.layer);
    const bool rope = walk.find("rotate") != nullptr;
    const std::string raw = walk.find("normalise") ? ".unnormalised_" : rope ? ".unrotated_" : ".";
    const std::string undivided = walk.find("divide") ? ".undivided_" : ".", kind = "." + kindOf(config, block, i);
    const bool traced = kind == "." || !rope;  // of global projections what RoPE turns is not
    const bool opens = config.attention.gate && !block.cross;
    const KernelSpec& kernel = specOf(block.cross ? KernelKind::softmax : config.attention.kernel.kind);
    const std::string sum = kernel.decays() ? ".unnormalised_head_output" : ".head_output";
    const bool ofEncoder = config.architecture == Architecture::encoder_decoder && block.side == "encoder";
    const int answer = ofEncoder ? std::min<int>(i, static_cast<int>(s.trace->at("logits").extent(0)) - 1) : i;
    std::vector<Place> places{
        {"project", "v", true, 0, name + kind + "value", group, j},
        {"weights", "weights", false, 0, name + ".weights", h, i},
        {"mix", "mix", true, 0, name + sum, h, i},
        {"output", "output", true, 0, name + ".output", -1, i},
        {"later", "stream", false, 0, layer + ".residual", -1, i},
        {"logits", "logits", true, 0, "logits", -1, answer},
        {"d_logits", "rows", false, 2, "gradient.logits", -1, answer},
        opens ? Place{"d_gate", "gate", false, 2, "gradient." + name + ".head_output", h, i}
              : Place{"d_output", "do", true, 0, "gradient." + name + ".head_output", h, i},
        {"d_weights", "da", false, 0, "gradient." + name + ".weights", h, i},
        {"d_softmax", "ds", false, 0, "gradient." + name + ".scores", h, i},
        {"d_query", kernel.drawn ? "query" : "sum", !kernel.drawn, -1, "gradient." + name + kind + "query", h, i},
        {"d_key", kernel.drawn ? "key" : "sum", !kernel.drawn, -1, "gradient." + name + kind + "key", group, j},
        {"d_value", "sum", true, 0, "gradient." + name + kind + "value", group, j},
    };
    if (traced) {
        places.push_back({"project", "q", true, 0, name + (kind == "." ? raw : kind) + "query", h, i});
        places.push_back({"project", "k", true, 0, name + (kind != "." ? kind : raw == "." ? undivided : raw) + "key", group, j});
    }
    if (walk.find("divide")) {
        places.push_back({"divide", "k", false, -1, name + ".key", group, j});
        places.push_back({"divide", "k", false, 0, name + ".undivided_key", group, j});
        places.push_back({"d_divide", "k", false, -1, "gradient." + name + ".undivided_key", group, j});
    }
    if (kernel.decays()) {
        places.push_back({"decay", "decay", false, 0, name + ".decay", h, i});
        places.push_back({"head_norm", "norm", false, 1, name + ".head_output", h, i});
        places.push_back({"d_head_norm", "norm", false, -1, "gradient." + name + sum, h, i});
    }
    if (kernel.decay == KernelDecay::ofToken) places.push_back({"d_decay", "pairs", false, -1, "gradient." + name + ".decay", h, i});
    if (kernel.drawn) places.push_back({"weights", "exact", false, 0, name + ".exact_weights", h, i});
    if (config.hasFeedForward()) {
        places.push_back({"ffn_down", "down", true, 0, layer + ".feed_forward.output", -1, i});
        places.push_back({"ffn_bend", "bend", false, -1, layer + ".feed_forward.hidden", -1, i});
    }
    if (rope) {
        places.push_back({"rotate", "q", false, 3, name + kind + "query", h, i});
        places.push_back({"rotate", "k", false, 3, name + (kind == "." ? undivided : kind) + "key", group, j});
    }
    if (walk.find("normalise")) {
        const std::string normed = rope ? ".unrotated_" : ".";
        places.push_back({"normalise", "q", false, -1, name + normed + "query", h, i});
        places.push_back({"normalise", "k", false, -1, name + (rope ? normed : undivided) + "key", group, j});
    }
    // Without a softmax hidden scores are 0 here and −∞ in the trace.
    const bool softmax = block.cross || specOf(config.attention.kernel.kind).scores;
    if (walk.find("mask")->find("masked") && softmax) places.push_back({"mask", "masked", false, 0, name + ".masked_scores", h, i});
    if (const Stage* position = walk.find("position"); position && position->find("score"))
        places.push_back({"position", "score", false, 0,
                          name + (config.attention.soft_cap > 0 ? ".before_soft_cap"
                                  : walk.find("span")           ? ".before_span"
                                                                : ".scores"),
                          h, i});
    if (walk.find("span")) {
        places.push_back({"span", "spanned", false, 0, name + ".scores", h, i});
        places.push_back({"d_span", "before", false, -1, "gradient." + name + ".before_span", h, i});
    }
    const bool gaps = config.output.kind == OutputKind::masked_word;
    if (walk.find("hidden")) places.push_back({"hidden", gaps ? "norm" : "relu", false, gaps ? -1 : 0, "output.hidden", -1, answer});
    const std::string part = block.cross ? ".cross_attention_norm" : ".attention_norm";
    if (!hasNorms(config)) {
        const bool ofSum = config.norm.placement == NormPlacement::post;  // what stands for a norm's output is its input
        places.push_back(ofSum ? Place{"residual", "sum", false, 2, layer + part, -1, i}
                               : Place{"input", "x", false, 0, name + "_norm", -1, i});
    } else if (config.norm.placement == NormPlacement::post) {
        places.push_back({"norm", "norm", false, -1, layer + part, -1, i});
    } else {
        places.push_back({"input", "norm", false, -1, name + "_norm", -1, i});
    }
    for (int k = 0; k < static_cast<int>(s.trace->at(name + ".head_output").extent(0)); ++k)
        places.push_back({"heads", "heads", false, k, name + ".head_output", k, i});
    return places;
}

/// The way back through the rest of the layer: every gradient that the trace holds.
std::vector<Place> placesBehindTheBlock(const Subject& s, const Question& q, const Walk& walk) {
    const ModelConfig& config = s.model->config();
    const AttentionBlock& block = s.model->attentionBlocks()[static_cast<std::size_t>(q.block)];
    const std::string layer = block.side + "." + std::to_string(block.layer), ffn = layer + ".feed_forward";
    const bool pre = isPreNorm(config), post = hasNorms(config) && !pre, gated = config.feed_forward.activation == Activation::swiglu;
    const bool feeds = config.hasFeedForward();
    std::vector<std::string> parts{"attention"};
    if (s.model->layout().find(layer + ".cross_attention.query.weight")) parts.push_back("cross_attention");
    if (feeds) parts.push_back("feed_forward");
    const int own = block.cross ? 1 : 0, i = q.query, results = 5;
    std::vector<Place> places;
    if (feeds) places.push_back({"d_ffn_down", "down_in", false, 0, "gradient." + ffn + ".output", -1, i});
    if (feeds) places.push_back({"d_ffn_down", "down", true, 0, "gradient." + ffn + ".hidden", -1, i});
    if (feeds && !gated) places.push_back({"d_ffn_bend", "bend", false, -1, "gradient." + ffn + ".up", -1, i});
    if (feeds && pre && gated) places.push_back({"d_ffn_up", "both", false, 0, "gradient." + layer + ".feed_forward_norm", -1, i});
    if (feeds && pre && !gated) places.push_back({"d_ffn_up", "up", true, 0, "gradient." + layer + ".feed_forward_norm", -1, i});
    for (int part = own; part < static_cast<int>(parts.size()); ++part) {
        const std::string suffix = part == own ? "" : std::to_string(part - own),
                          tensor = layer + "." + parts[static_cast<std::size_t>(part)];
        if (post || (pre && part > own)) places.push_back({"d_norm" + suffix, "norm", false, 0, "gradient." + tensor + "_norm", -1, i});
        if (post) places.push_back({"d_norm" + suffix, "norm", false, results, "gradient." + tensor + ".output", -1, i});
        if (part == own || specOf(config.residual).parallel) continue;
        const std::string before = layer + "." + parts[static_cast<std::size_t>(part - 1)];
        places.push_back({"d_residual" + suffix, "sum", false, 2, "gradient." + before + (post ? "_norm" : ".output"), -1, i});
    }
    if (!feeds) return places;
    const auto matrix = [&](const std::string& stage, const std::string& grid, const std::string& parameter) {
        const Grid* shown = walk.find(stage)->find(grid);
        for (int r = 0; r < shown->rows; ++r) places.push_back({stage, grid, false, r, "gradient." + parameter + ".weight", -1, r});
    };
    matrix("d_ffn_down_matrix", "matrix", ffn + ".down");
    matrix("d_ffn_up_matrix", "up", ffn + ".up");
    if (gated) matrix("d_ffn_up_matrix", "gate", ffn + ".gate");
    return places;
}

/// Gradients of gain, shift and biases, which are vectors.
void checkVectors(const std::string& name, const Subject& s, const Question& q, const Walk& walk) {
    const AttentionBlock& block = s.model->attentionBlocks()[static_cast<std::size_t>(q.block)];
    const std::string layer = block.side + "." + std::to_string(block.layer);
    const auto same = [&](const std::string& parameter, int count, const std::function<double(int)>& shown) {
        const Tensor* tensor = s.trace->find("gradient." + parameter);
        if (!tensor) return;
        for (int k = 0; k < count; ++k)
            QVERIFY2(shown(k) == static_cast<double>(tensor->values[static_cast<std::size_t>(k)]), (name + " " + parameter).c_str());
    };
    const std::string last = walk.find("d_norm2") ? "d_norm2" : walk.find("d_norm1") ? "d_norm1" : "d_norm";
    const ModelConfig& config = s.model->config();
    QCOMPARE(walk.find(last) != nullptr, hasNorms(config) && (config.hasFeedForward() || !isPreNorm(config)));
    const Grid* trained = walk.find(last) ? walk.find(last)->find("trained") : nullptr;
    for (int r = 0; trained && r < trained->rows; ++r)
        same(layer + ".feed_forward_norm" + (r == 0 ? ".weight" : ".bias"), trained->columns, [&](int k) { return trained->at(r, k); });
    if (!s.model->config().hasFeedForward()) return;
    const Grid* down = walk.find("d_ffn_down_matrix")->find("matrix");
    same(layer + ".feed_forward.down.bias", down->rows, [&](int k) { return down->at(k, leadColumn); });
}

void checkPlaces(const std::string& name, const Subject& s, const Walk& walk, const std::vector<Place>& places) {
    for (const Place& place : places) {
        const Stage* stage = walk.find(place.stage);
        const Grid* grid = stage ? stage->find(place.grid) : nullptr;
        QVERIFY2(grid, (name + " " + place.stage + "/" + place.grid).c_str());
        const Tensor& tensor = s.trace->at(place.tensor);
        const std::int64_t columns = tensor.shape.back(), rows = tensor.shape[tensor.shape.size() - 2];
        const int count = place.master ? grid->rows : grid->columns;
        QCOMPARE(count, static_cast<int>(columns));
        for (int k = 0; k < count; ++k) {
            const int row = place.row < 0 ? grid->rows - 1 : place.row;
            const double shown = place.master ? grid->at(k, masterColumn) : grid->at(row, k);
            const auto index = (std::max(place.head, 0) * rows + place.line) * columns + k;
            const auto theirs = static_cast<double>(tensor.values[static_cast<std::size_t>(index)]);
            QVERIFY2(shown == theirs, (name + " " + place.stage + "/" + place.grid + " " + place.tensor).c_str());
        }
    }
}

}  // namespace

class WalkShownTest : public QObject {
    Q_OBJECT

private slots:
    void theMarkdownShowsTheWalksNumbersToFiveDigitsInAllFormsAndMasks() {
        for (const auto& [name, s] : subjects())
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                checkMarkdown(name, walkOf(s, questionOf(s, static_cast<int>(b), 0, 3, 1)));
                if (QTest::currentTestFailed()) return;
            }
    }

    void everyStagesNumbersAreThoseOfTheTraceInAllFormsAndMasks() {
        for (const auto& [name, s] : subjects())
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const Question q = questionOf(s, static_cast<int>(b), s.model->attentionBlocks()[b].heads - 1, 3, 2);
                const Walk walk = walkOf(s, q);
                const std::string where = name + " " + s.model->attentionBlocks()[b].name;
                checkPlaces(where, s, walk, placesOf(s, q, walk));
                if (QTest::currentTestFailed()) return;
                checkPlaces(where, s, walk, placesBehindTheBlock(s, q, walk));
                if (QTest::currentTestFailed()) return;
                checkVectors(where, s, q, walk);
                if (QTest::currentTestFailed()) return;
            }
    }

    /// Above each matrix the row that it reads, with its dims: also of the second matrix that reads the same dims.
    void theRowThatAMatrixReadsHasItsLabels() {
        int looked = 0;
        for (const NamedConfig& form : explainedForms()) {
            const Subject s = subjectOf(form.config);
            const Walk walk = walkOf(s, questionOf(s, 0, 0, 3, 1));
            for (const Stage& stage : walk.stages)
                for (std::size_t g = 0; g + 1 < stage.grids.size(); ++g) {
                    const Grid &row = stage.grids[g], &matrix = stage.grids[g + 1];
                    if (row.rows != 1 || !matrix.matrix || row.columns != matrix.columns || row.current) continue;
                    QVERIFY2(!row.columnLabels.empty(), (form.name + " " + stage.id + " " + row.id).c_str());
                    ++looked;
                }
        }
        QVERIFY(looked > 100);
    }
};

QTEST_APPLESS_MAIN(WalkShownTest)
#include "walk_shown_test.moc"
