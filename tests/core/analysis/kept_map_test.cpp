#include "core/analysis/kept_map.h"

#include <QtTest>
#include <cmath>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"

using namespace lab;

class KeptMapTest : public QObject {
    Q_OBJECT

private slots:
    void aMapIsReadAsItIsWritten() {
        const KeptMap map{2, 3, {0.0F, 1.0F, 0.2F, 0.4F, 0.6F, 0.8F}};
        QCOMPARE(keptMapText(map), std::string("2 3 00ff336699cc"));
        const auto read = parseKeptMap(keptMapText(map));
        QVERIFY(read && read->rows == 2 && read->columns == 3);
        QCOMPARE(read->weights, map.weights);
    }

    void whatNoMapGivesIsRefused() {
        for (const char* text : {"", "2", "2 3", "2 3 00", "2 3 00ff336699cg", "0 3 ", "99 1 00", "2 3 00ff336699cc00"})
            QVERIFY2(!parseKeptMap(text), text);
    }

    void theSharpestHeadIsKeptAndLongMapsAreShrunk() {
        Experiment experiment;
        experiment.task.seq_len = 50;
        experiment.model.num_layers = 1;
        experiment = resolved(experiment);
        const Model model(experiment.model);
        const Weights weights = initialWeights(model, 1);
        Input input;
        for (int i = 0; i < 50; ++i) input.tokens.push_back(i % 10);
        const std::string block = model.attentionBlocks().front().name;
        input.interventions = {{Intervention::Kind::headUniform, block, 0, {}}};
        const Trace trace = model.trace(weights, input, {});
        const KeptMap map = sharpestMap(model, experiment.task, trace);
        QCOMPARE(map.rows, 17);  // of three positions each, the last of two
        QCOMPARE(map.columns, 17);
        const Tensor& all = *trace.find(block + ".weights");
        double ofTheFirst = 0, row = 0;
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j) ofTheFirst += static_cast<double>(all.values[static_cast<std::size_t>((50 + i) * 50 + j)]) / 3;
        for (int j = 0; j < 17; ++j) row += static_cast<double>(map.weights[static_cast<std::size_t>(16 * 17 + j)]);
        QVERIFY(std::abs(static_cast<double>(map.weights.front()) - ofTheFirst) < 1e-6);
        QVERIFY(std::abs(row - 1) < 1e-5);
    }
};

QTEST_APPLESS_MAIN(KeptMapTest)
#include "kept_map_test.moc"
