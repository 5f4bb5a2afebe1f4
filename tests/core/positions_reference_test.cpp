#include <QtTest>
#include <cmath>
#include <filesystem>

#include "core/analysis/positions/position_map_terms.h"
#include "core/analysis/positions/rope_geometry.h"
#include "core/data/loaded_task.h"
#include "core/io/checkpoint.h"
#include "core/io/experiment_file.h"
#include "core/io/safetensors.h"

// The geometry of the Positions page against the models that PyTorch agrees with (FORMATS.md 6): both pairings, every scaling.

using namespace lab;

namespace {

struct PositionsCase {
    explicit PositionsCase(const QString& name) : folder(std::filesystem::path(LAB_SOURCE_DIR) / "tests/reference" / name.toStdString()) {
        const LoadedTask task = loadTask(loadExperiment(folder / "experiment.json"), folder);
        model = std::make_shared<const Model>(task.experiment.model);
        weights = weightsOf(readCheckpoint(folder / "init.safetensors"), model->layout());
        const NamedTensors expected = readSafetensors(folder / "trace.safetensors").tensors;
        const Tensor& tokens = expected.at("tokens");
        input.tokens.assign(tokens.integers.begin(), tokens.integers.end());
        trace = model->trace(weights, input);
    }

    std::filesystem::path folder;
    std::shared_ptr<const Model> model;
    Weights weights;
    Input input;
    Trace trace;
};

}  // namespace

class PositionsReferenceTest : public QObject {
    Q_OBJECT

private slots:
    void pairsAddUpToTheModelsScore_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("isScore");
        for (const char* name : {"decoder-llama", "decoder-mqa-interleaved", "decoder-rope-linear", "decoder-rope-longrope",
                                 "decoder-rope-ntk", "decoder-rope-yarn", "decoder-rope-yarn-ramp", "encoder-rope-kv"})
            QTest::newRow(name) << QString(name) << true;
    }
    void pairsAddUpToTheModelsScore() {
        QFETCH(QString, name);
        QFETCH(bool, isScore);
        const PositionsCase c(name);
        const ModelConfig& config = c.model->config();
        const int n = static_cast<int>(c.input.tokens.size());
        for (const AttentionBlock& block : c.model->attentionBlocks()) {
            for (int head = 0; head < block.heads; ++head) {
                for (int i = 0; i < n; ++i) {
                    for (int j = 0; j < n; ++j) {
                        const HeadVectors vectors = headVectors(config, c.trace, block, head, i, j);
                        QVERIFY(vectors.modelScore.has_value());
                        QCOMPARE(vectors.isScore, isScore);
                        const RopeGeometry geometry(config.position.rope, n, vectors.query, vectors.key);
                        double sum = 0;
                        for (int p = 0; p < static_cast<int>(geometry.pairs().size()); ++p) sum += geometry.term(p, i - j);
                        const double allowed = 2e-6 + 2e-5 * std::abs(*vectors.modelScore);
                        QVERIFY(std::abs(sum - *vectors.modelScore) <= allowed);
                        QVERIFY(std::abs(geometry.score(i - j) - sum) < 1e-12);
                        QVERIFY(checkScore(geometry, i - j, *vectors.modelScore).equal);
                        // Shifting both positions changes nothing, in the model's own arithmetic too.
                        for (int shift : {0, 1, 5})
                            QVERIFY(std::abs(rotatedScore(config.position.rope, n, vectors.query, vectors.key, i + shift, j + shift) -
                                             *vectors.modelScore) <= 5 * allowed);
                    }
                }
            }
        }
    }

    void modelsWithoutRotationGiveTheirVectorsOnly() {
        const PositionsCase c("encoder-qkv");
        const HeadVectors vectors = headVectors(c.model->config(), c.trace, c.model->attentionBlocks().front(), 0, 1, 2);
        QVERIFY(!vectors.modelScore);
        QCOMPARE(vectors.query.size(), static_cast<std::size_t>(c.model->config().headDim()));
    }

    void positionMapTermsRebuildTheScoresAndCancel() {
        const PositionsCase c("encoder-kv-pos");
        const int n = static_cast<int>(c.input.tokens.size());
        for (const AttentionBlock& block : c.model->attentionBlocks()) {
            const auto terms = positionMapTerms(c.model->layout(), c.weights, block, n);
            QVERIFY(terms.has_value());
            for (int head = 0; head < block.heads; ++head) {
                for (int i = 0; i < n; ++i) {
                    const CancelledRow row = cancelledRow(*terms, c.trace, block, head, i);
                    QVERIFY(row.scoreDifference < 2e-5);
                    QVERIFY(row.difference < 1e-14);
                    QVERIFY(row.differenceToModel < 2e-6);
                }
            }
        }
    }

    void blocksWithoutAPositionMapHaveNoTerms() {
        const PositionsCase c("encoder-qkv");
        QVERIFY(!positionMapTerms(c.model->layout(), c.weights, c.model->attentionBlocks().front(), 4));
    }
};

QTEST_APPLESS_MAIN(PositionsReferenceTest)
#include "positions_reference_test.moc"
