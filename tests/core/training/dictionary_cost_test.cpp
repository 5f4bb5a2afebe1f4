#include "core/training/dictionary_cost.h"

#include <QtTest>

#include <numeric>

#include "core/config/layer_config.h"
#include "core/config/validation.h"
#include "core/data/loaded_task.h"
#include "core/model/decoding.h"
#include "core/model/initialise.h"
#include "core/model/model.h"

using namespace lab;

namespace {

Experiment experimentWith(DictionaryKind kind, int entries = 10, bool maskDiagonal = false) {
    Experiment e;
    e.task.kind = "glossary";
    e.task.parameters = {{"entries", entries}, {"questions", 4}, {"distractors", 1}, {"words", 2000}};
    e.model.architecture = Architecture::decoder;
    e.model.position.kind = PositionKind::rope;
    e.model.d_model = 16;
    e.model.dictionary.kind = kind;
    if (maskDiagonal) {
        e.model.attention.mask_diagonal = true;
        e.model.attention.form = AttentionForm::kv;
    }
    return resolved(e);
}

/// Weights of all linear maps of a block, by its names, a row each.
double weightsOf(const Model& model, const std::string& prefix, bool withoutMemory = false) {
    double sum = 0;
    for (const Parameter& p : model.layout().parameters()) {
        const bool ofMemory =
            p.name.find("cross_attention.key") != std::string::npos || p.name.find("cross_attention.value") != std::string::npos;
        if (p.name.starts_with(prefix) && p.isHiddenMatrix() && !(withoutMemory && ofMemory)) sum += static_cast<double>(p.size);
    }
    return sum;
}

/// Pairs that are seen, one by one.
double pairsOf(const LayerConfig& layer, int from, int length) {
    double pairs = 0;
    for (int i = from; i < length; ++i)
        for (int j = 0; j < length; ++j) pairs += layer.visibility.mayAttend(i, j, length);
    return pairs;
}

}  // namespace

class DictionaryCostTest : public QObject {
    Q_OBJECT

private slots:
    /// Each weight of a matrix once a row, each seen pair twice d.
    void countsWhatTheModelHas_data() {
        QTest::addColumn<bool>("maskDiagonal");
        QTest::newRow("qkv") << false;
        QTest::newRow("kv, diagonal masked") << true;
    }
    void countsWhatTheModelHas() {
        QFETCH(bool, maskDiagonal);
        for (const DictionaryKind kind :
             {DictionaryKind::none, DictionaryKind::context, DictionaryKind::attended, DictionaryKind::standing}) {
            const Experiment e = experimentWith(kind, 10, maskDiagonal);
            const Model model(e.model);
            const int entries = 30, text = 12, d = 16, layers = 2;
            const double head = 4.0 * (d * d + d * 16);
            const bool front = specOf(kind).inFront, apart = specOf(kind).apart, looked = specOf(kind).lookedUp;
            const auto decoder = layersOf(e.model, Side::decoder);
            const int before = front ? entries : 0;
            double expected =
                text * weightsOf(model, "decoder.", true) + layers * 2 * d * pairsOf(decoder[0], before, before + text) + head;
            if (apart && !looked) expected += layers * 2.0 * d * text * entries;
            const DictionaryCost cost = dictionaryCost(e);
            QCOMPARE(cost.text, expected);
            QCOMPARE(cost.answer, expected / 4);
            double reading = 0;
            if (front) reading = entries * weightsOf(model, "decoder.") + layers * 2 * d * pairsOf(decoder[0], 0, entries);
            if (apart)
                reading = entries * weightsOf(model, "encoder.") +
                          layers * 2 * d * pairsOf(layersOf(e.model, Side::encoder)[0], 0, entries) +
                          entries * (weightsOf(model, "decoder.") - weightsOf(model, "decoder.", true));
            QCOMPARE(cost.reading, reading);
            QCOMPARE(cost.tokens, before);
        }
    }

    /// What a decoding keeps of a dictionary before the text begins is what is counted as kept.
    void keepsWhatADecodingKeeps() {
        for (const DictionaryKind kind : {DictionaryKind::attended, DictionaryKind::standing}) {
            const Experiment e = experimentWith(kind);
            const LoadedTask task = loadTask(e, {});
            const auto model = std::make_shared<const Model>(e.model);
            const Weights weights = initialWeights(*model, 1);
            const Decoding decoding(model, weights, task.dataset->testSample(0).tokens);
            const double words = kind == DictionaryKind::standing ? 10.0 * sizeof(int) : 0.0;
            QCOMPARE(dictionaryCost(e).kept + words, static_cast<double>(decoding.cacheBytes()));
        }
        const Experiment e = experimentWith(DictionaryKind::context);
        const auto model = std::make_shared<const Model>(e.model);
        const Weights weights = initialWeights(*model, 1);
        Decoding decoding(model, weights, {});
        std::vector<int> entries = loadTask(e, {}).dataset->testSample(0).tokens;
        entries.resize(30);
        decoding.append(entries);
        QCOMPARE(dictionaryCost(e).kept, static_cast<double>(decoding.cacheBytes()));
    }

    void onlyWhatLooksAtEntriesGrowsWithThem() {
        const auto answer = [](DictionaryKind kind, int entries) { return dictionaryCost(experimentWith(kind, entries)).answer; };
        QCOMPARE(answer(DictionaryKind::none, 10), answer(DictionaryKind::none, 1000));
        QCOMPARE(answer(DictionaryKind::standing, 10), answer(DictionaryKind::standing, 1000));
        QVERIFY(answer(DictionaryKind::context, 1000) > 10 * answer(DictionaryKind::context, 10));
        QVERIFY(answer(DictionaryKind::attended, 1000) > 10 * answer(DictionaryKind::attended, 10));
    }

    void anEncoderAloneKeepsNothing() {
        Experiment e = experimentWith(DictionaryKind::context);
        e.model.architecture = Architecture::encoder;
        const DictionaryCost cost = dictionaryCost(resolved(e));
        QCOMPARE(cost.kept, 0.0);
        QCOMPARE(cost.reading, 0.0);
        QVERIFY(cost.answer > dictionaryCost(experimentWith(DictionaryKind::context)).answer);
    }
};

QTEST_APPLESS_MAIN(DictionaryCostTest)
#include "dictionary_cost_test.moc"
