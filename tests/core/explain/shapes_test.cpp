#include "core/explain/shapes.h"

#include <QtTest>
#include <set>

#include "core/explain/examples.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

Shapes shapesFor(const Subject& s, const Question& q) {
    return shapesOf(walkOf(s, q), s.model, s.weights, NumberSource(s.trace), q);
}

/// Elements of a tensor of the trace, of a parameter, or of its gradient; negative: there is none.
double elementsOf(const Subject& s, const std::string& name) {
    if (s.trace->contains(name)) return static_cast<double>(s.trace->at(name).values.size());
    for (const Parameter& p : s.model->layout().parameters())
        if (p.name == name) return static_cast<double>(p.size);
    return -1.0;
}

const TensorShape& tensorOf(const Shapes& shapes, const std::string& stage, const std::string& symbol) {
    const StageShapes& of = *shapes.find(stage);
    return *std::ranges::find_if(of.tensors, [&](const TensorShape& t) { return t.symbol.english() == symbol; });
}

/// By row 1, for which the shapes were asked.
bool isChosen(const Subject& s, const std::string& layer, int expert) {
    const Tensor& chosen = s.trace->at(layer + "feed_forward.experts");
    for (std::int64_t n = 0; n < chosen.extent(1); ++n)
        if (static_cast<int>(chosen.values[static_cast<std::size_t>(chosen.extent(1) + n)]) == expert) return true;
    return false;
}

ModelConfig configOf(const char* name) {
    const std::vector<NamedConfig> forms = walkedForms();
    return std::ranges::find_if(forms, [&](const NamedConfig& form) { return std::string_view(form.name) == name; })->config;
}

}  // namespace

class ShapesTest : public QObject {
    Q_OBJECT

private slots:
    void tensorsHaveTheSizesOfTheTrace();
    void everyStageHasALine();
    void tensorsOfTheBlockAreNamed();
    void typedSizesMultiply();
    void theTableOfPositionsServesBothSides();
    void limitsAreSaid();
    void bytesAndCountsAreWritten();
    void keysStandTransposedInTheLine();
    void examplesHaveShapes();
    void theOptimizersMemoryHasItsNames();
};

void ShapesTest::tensorsHaveTheSizesOfTheTrace() {
    for (const NamedConfig& form : formsOpenedForward()) {
        const Subject s = subjectOf(form.config);
        int known = 0;
        for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block) {
            const Shapes shapes = shapesFor(s, questionOf(s, block, 0, 1, 0));
            for (const StageShapes& stage : shapes.stages)
                for (const TensorShape& tensor : stage.tensors) {
                    if (tensor.tensor.empty()) continue;
                    ++known;
                    const std::string where =
                        std::string(form.name) + ": " + stage.stage + " " + tensor.tensor + " " + shapeText(tensor.axes, shapes.sizes);
                    QVERIFY2(elementsOf(s, tensor.tensor) == tensor.elements(shapes.sizes), where.c_str());
                    QVERIFY2(tensor.bytes(shapes.sizes) == 4.0 * tensor.elements(shapes.sizes), where.c_str());
                }
        }
        QVERIFY2(known > 40, std::string(form.name).c_str());
    }
}

void ShapesTest::everyStageHasALine() {
    for (const NamedConfig& form : formsOpenedForward()) {
        const Subject s = subjectOf(form.config);
        for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block) {
            const Shapes shapes = shapesFor(s, questionOf(s, block, 0, 1, 0));
            for (const StageShapes& stage : shapes.stages) {
                const std::string where = std::string(form.name) + ": " + stage.stage;
                QVERIFY2(!stage.tensors.empty(), where.c_str());
                QVERIFY2(!stage.line(shapes.sizes).empty(), where.c_str());
            }
        }
    }
}

/// Every weight of the block and its layer, and all that the trace has of the block, stands in some stage.
void ShapesTest::tensorsOfTheBlockAreNamed() {
    for (const NamedConfig& form : formsOpenedForward()) {
        const Subject s = subjectOf(form.config);
        const AttentionBlock& block = s.model->attentionBlocks().front();
        const std::string layer = block.side + "." + std::to_string(block.layer) + ".";
        std::set<std::string> named;
        for (const int query : {1, 5})  // of which the first may have projections of its own
            for (const StageShapes& stage : shapesFor(s, questionOf(s, 0, 0, query, 0)).stages)
                for (const TensorShape& tensor : stage.tensors) named.insert(tensor.tensor);
        // Common projections that no query uses.
        if (!kindOf(form.config, block, 5).empty())
            for (const char* of : {".query", ".key", ".value", ".unrotated_query", ".unrotated_key"})
                for (const char* what : {"", ".weight", ".bias"}) named.insert(block.name + of + what);
        for (const Parameter& p : s.model->layout().parameters()) {
            const bool ofLayer = p.name.starts_with(layer) && p.name.find("cross_attention.") == std::string::npos;
            // Of experts those that the row in hand goes through.
            const std::size_t expert = p.name.find(".experts.");
            if (expert != std::string::npos && !isChosen(s, layer, std::stoi(p.name.substr(expert + 9)))) continue;
            QVERIFY2(!ofLayer || named.contains(p.name), (std::string(form.name) + ": " + p.name).c_str());
        }
        for (const NamedTensors::Entry& tensor : s.trace->entries())
            QVERIFY2(!tensor.name.starts_with(block.name + ".") || named.contains(tensor.name),
                     (std::string(form.name) + ": " + tensor.name).c_str());
    }
}

void ShapesTest::typedSizesMultiply() {
    const Subject s = subjectOf(configOf("qkv"));
    const Shapes shapes = shapesFor(s, questionOf(s, 0, 0, 1, 0));
    const AxisSizes sizes = typedAxes(shapes, {});
    QCOMPARE(sizes['C'], 512.0);
    QCOMPARE(tensorOf(shapes, "mix", "a").elements(sizes), 32.0 * 8 * 50 * 50);
    QCOMPARE(tensorOf(shapes, "mix", "o").bytes(sizes), 4.0 * 32 * 8 * 50 * 64);
    QCOMPARE(tensorOf(shapes, "project", "W_{Q}").elements(sizes), 512.0 * 512);
    // One hundred million tokens: 10^16 weights of attention, 40 PB.
    const AxisSizes huge = typedAxes(shapes, {.batch = 1, .heads = 1, .kvHeads = 1, .positions = 100'000'000});
    QCOMPARE(tensorOf(shapes, "weights", "a").elements(huge), 1e16);
    QCOMPARE(tensorOf(shapes, "weights", "a").bytes(huge), 4e16);
}

void ShapesTest::theTableOfPositionsServesBothSides() {
    Experiment e;
    e.model.architecture = Architecture::encoder_decoder;
    e.model.position.kind = PositionKind::learned;
    const Subject s = subjectOf(resolved(e).model);
    const auto& blocks = s.model->attentionBlocks();
    const auto cross = std::ranges::find(blocks, true, &AttentionBlock::cross);
    QVERIFY(cross != blocks.end());
    const Shapes shapes = shapesFor(s, questionOf(s, static_cast<int>(cross - blocks.begin()), 0, 1, 0));
    QCOMPARE(typedAxes(shapes, {.positions = 100, .keys = 3000})['P'], 3000.0);
    QCOMPARE(typedAxes(shapes, {.positions = 4000, .keys = 3000})['P'], 4000.0);
}

void ShapesTest::limitsAreSaid() {
    const Subject s = subjectOf(configOf("qkv"));
    const Shapes shapes = shapesFor(s, questionOf(s, 0, 0, 1, 0));
    QVERIFY(typedProblem(shapes, {}).empty());
    QVERIFY(typedProblem(shapes, {.heads = 8, .kvHeads = 2}).empty());
    QVERIFY(!typedProblem(shapes, {.heads = 8, .kvHeads = 3}).empty());
    Shapes turned = shapes;
    turned.rotates = true;
    QVERIFY(!typedProblem(turned, {.headDim = 63}).empty());
    QVERIFY(sizesRule(shapes) != sizesRule(turned));
}

void ShapesTest::bytesAndCountsAreWritten() {
    QCOMPARE(countText(12.0), std::string("12"));
    QCOMPARE(countText(4096.0), std::string("4096"));
    QCOMPARE(countText(640000.0), std::string("640\u202F000"));
    QCOMPARE(countText(100000.0), std::string("100\u202F000"));
    QCOMPARE(countText(1e16), std::string("1e+16"));
    QCOMPARE(bytesText(1000.0).english(), std::string("1000 bytes"));
    QCOMPARE(bytesText(2560000.0).english(), std::string("2.4\u00A0MiB"));
}

void ShapesTest::keysStandTransposedInTheLine() {
    const Subject s = subjectOf(configOf("qkv"));
    const Shapes shapes = shapesFor(s, questionOf(s, 0, 0, 1, 0));
    const std::string line = shapes.find("dot")->line(typedAxes(shapes, {})).english();
    const std::string nb = "\u00A0";
    QVERIFY2(line.find("k^{T} [B" + nb + "32, G" + nb + "8, d_{h}" + nb + "64, S" + nb + "50]") != std::string::npos, line.c_str());
}

void ShapesTest::examplesHaveShapes() {
    for (const Example& example : examples()) {
        const Walk walk = exampleWalk(example, 0, 0);
        const Shapes shapes = shapesOf(walk);
        QCOMPARE(shapes.stages.size(), walk.stages.size());
        for (const StageShapes& stage : shapes.stages) {
            QVERIFY2(!stage.line(shapes.sizes).empty(), (example.id + " " + stage.stage).c_str());
            for (const TensorShape& tensor : stage.tensors) {
                QVERIFY2(tensor.kind != TensorKind::weight, (example.id + " " + stage.stage).c_str());
                QVERIFY2(tensor.elements(shapes.sizes) > 0.0, (example.id + " " + stage.stage + " " + tensor.axes).c_str());
            }
        }
        if (!walk.find("mix")) continue;
        QCOMPARE(tensorOf(shapes, "mix", "v").elements(shapes.sizes), static_cast<double>(example.v.size()));
    }
}

void ShapesTest::theOptimizersMemoryHasItsNames() {
    const Subject s = subjectOf(configOf("qkv"));
    for (const UpdateRule* rule : UpdateRule::table()) {
        Question q = questionOf(s, 0, 0, 1, 0);
        q.optimizer.kind = Kind<UpdateRule>(*rule);
        const Shapes shapes = shapesFor(s, q);
        int kept = 0;
        for (const TensorShape& tensor : shapes.find("update")->tensors) {
            if (tensor.kind != TensorKind::state) continue;
            ++kept;
            QVERIFY2(!tensor.symbol.empty() && !tensor.symbol.english().empty(), std::string(rule->name).c_str());
        }
        std::set<int> moments;  // two lines may read the same one
        for (const UpdateLine& line : rule->explanation.lines)
            if (line.is == UpdateLine::Is::moment) moments.insert(line.moment);
        QCOMPARE(kept, static_cast<int>(moments.size()));
        QVERIFY(kept > 0 && kept <= rule->moments);
    }
}

QTEST_APPLESS_MAIN(ShapesTest)
#include "shapes_test.moc"
