#include <Eigen/Eigenvalues>
#include <QTest>

#include "core/base/errors.h"
#include "core/stream/circuits.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

ModelConfig bare() {
    ModelConfig c = smallConfig();
    c.num_classes = c.vocab_size;
    c.position.kind = PositionKind::none;
    c.norm.placement = NormPlacement::pre;
    c.output = {OutputKind::linear, false, true, LossKind::cross_entropy};
    return c;
}

std::vector<int> allTokens(const Model& model) {
    std::vector<int> tokens;
    for (int t = 0; t < *model.config().vocab_size; ++t) tokens.push_back(t);
    return tokens;
}

Input reading(const std::vector<int>& tokens) {
    Input input;
    input.tokens = tokens;
    return input;
}

double frobenius(const Eigen::MatrixXd& m) {
    return m.norm();
}

double eigenShare(const Eigen::MatrixXd& m) {
    const Eigen::VectorXcd values = Eigen::EigenSolver<Eigen::MatrixXd>(m).eigenvalues();
    return values.real().sum() / values.cwiseAbs().sum();
}

}  // namespace

/// What heads' weights say by themselves.
class CircuitsTest : public QObject {
    Q_OBJECT

private slots:
    void compositionIsTheNormOfTheWholeProducts() {
        const StreamCase c({"gqa", llamaLike()});
        const HeadMatrices a = headMatrices(c.model, c.weights, {0, 1}), b = headMatrices(c.model, c.weights, {1, 3});
        const Eigen::MatrixXd ov = a.o * a.v, qk = b.q.transpose() * b.k, next = b.o * b.v;
        const Composition found = compositionOf(a, b);
        QVERIFY(std::abs(found.k - frobenius(qk * ov) / (frobenius(qk) * frobenius(ov))) < 1e-10);
        QVERIFY(std::abs(found.q - frobenius(qk.transpose() * ov) / (frobenius(qk) * frobenius(ov))) < 1e-10);
        QVERIFY(std::abs(found.v - frobenius(next * ov) / (frobenius(next) * frobenius(ov))) < 1e-10);
        QVERIFY(found.k > 0 && found.k < 1);
    }

    void theRandomBaselineIsOfTheSameShapes() {
        const Composition base = randomComposition(24, 4, 40, 1);
        // E||A B||^2 of independent matrices: 1 / d_model of the product of their squares.
        for (const double one : {base.q, base.k, base.v}) QVERIFY(std::abs(one - std::sqrt(1.0 / 24.0)) < 0.03);
        QCOMPARE(randomComposition(24, 4, 40, 1).k, base.k);
        QVERIFY(randomComposition(24, 4, 40, 2).k != base.k);
    }

    /// Without positions the first layer's scores are those of the tokens alone.
    void scoresOfTokensAreTheFirstLayersScores_data() {
        QTest::addColumn<int>("form");
        for (int form = 0; form < 6; ++form) QTest::newRow(std::to_string(form).c_str()) << form;
    }
    void scoresOfTokensAreTheFirstLayersScores() {
        QFETCH(int, form);
        ModelConfig config = form == 5 ? llamaLike() : bare();
        config.position.kind = PositionKind::none;
        config.num_classes = config.vocab_size;
        if (form == 1) config.norm.placement = NormPlacement::post;
        if (form == 2) config.attention.form = AttentionForm::kv;
        if (form == 3) config.attention.qk_norm = true;
        if (form == 4) config.embedding_norm = true, config.embedding_dim = 5;
        const StreamCase c({"scores", config});
        const StreamRuns runs(c.model, c.weights);
        const VocabularyCircuits circuits(runs);
        const std::vector<int> tokens{3, 1, 4, 1, 5};
        const Trace trace = c.model.trace(c.weights, reading(tokens));
        const AttentionBlock& block = c.model.attentionBlocks().front();
        const std::vector<float>& scores = trace.at(block.name + ".scores").values;
        for (int head = 0; head < block.heads; ++head) {
            const Eigen::MatrixXd found = circuits.scores({0, head}, tokens);
            for (std::size_t i = 0; i < 5; ++i)
                for (std::size_t j = 0; j < 5; ++j) {
                    const double own = static_cast<double>(scores[(static_cast<std::size_t>(head) * 5 + i) * 5 + j]);
                    QVERIFY(std::abs(found(std::ptrdiff_t(i), std::ptrdiff_t(j)) - own) < 1e-4 * (1 + std::abs(own)));
                }
        }
    }

    /// A head that looks at one token alone writes what the map of its OV says, in a model where nothing else moves.
    void writesAreWhatLookingAtOneTokenAddsToTheLogits() {
        ModelConfig config = bare();
        config.norm.kind = NormKind::none;
        config.d_ff = 0;
        config.num_layers = 1;
        config.num_heads = 1;
        config.num_kv_heads = 1;
        config.bias = false;
        const StreamCase c({"writes", config});
        const StreamRuns runs(c.model, c.weights);
        const std::vector<int> tokens = allTokens(c.model);
        const Eigen::MatrixXd writes = VocabularyCircuits(runs).writes({0, 0}, tokens);
        for (const int token : tokens) {
            Input off = reading({token});
            off.interventions.push_back({Intervention::Kind::headOff, "encoder.0.attention", 0, {}});
            const auto with = c.model.trace(c.weights, reading({token})).at("logits").values;
            const auto without = c.model.trace(c.weights, off).at("logits").values;
            double mean = 0;
            for (std::size_t k = 0; k < with.size(); ++k)
                mean += static_cast<double>(with[k] - without[k]) / static_cast<double>(with.size());
            for (std::size_t k = 0; k < with.size(); ++k)
                QVERIFY(std::abs(writes(token, std::ptrdiff_t(k)) - (static_cast<double>(with[k] - without[k]) - mean)) < 1e-4);
        }
    }

    void copyingAndMatchingAreEigenvaluesOverTheWholeVocabulary() {
        for (const bool post : {false, true}) {
            ModelConfig config = bare();
            if (post) config.norm.placement = NormPlacement::post;
            const StreamCase c({"copying", config});
            const StreamRuns runs(c.model, c.weights);
            VocabularyCircuits circuits(runs);
            const std::vector<int> tokens = allTokens(c.model);
            const HeadMatrices m = headMatrices(c.model, c.weights, {1, 1}), earlier = headMatrices(c.model, c.weights, {0, 0});
            const Eigen::MatrixXd e = circuits.tokenVectors(1, tokens);
            const Parameter& p = *c.model.layout().find("output.projection.weight");
            using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
            Eigen::MatrixXd u = Eigen::Map<const Rows>(c.weights.data() + p.offset, p.shape[0], p.shape[1]).cast<double>();
            if (!post) {
                const Parameter& gain = *c.model.layout().find("encoder_norm.weight");
                for (int i = 0; i < u.cols(); ++i) u.col(i) *= static_cast<double>(c.weights.data()[gain.offset + std::size_t(i)]);
            }
            QVERIFY(std::abs(circuits.copying({1, 1}) - eigenShare(u * m.o * m.v * e)) < 1e-6);
            if (!post) continue;  // with pre-norm matching leaves the norm's bias out, as it belongs to no token
            QVERIFY(std::abs(circuits.matching({1, 1}) - eigenShare(e.transpose() * m.q.transpose() * m.k * e)) < 1e-6);
            QVERIFY(std::abs(circuits.matching({1, 1}, StreamHead{0, 0}) -
                             eigenShare(e.transpose() * m.q.transpose() * m.k * earlier.o * earlier.v * e)) < 1e-6);
        }
    }

    /// One token over and over: its scores differ by distance alone.
    void scoresByDistanceAreThoseOfRotatedCopies() {
        for (const RopePairing pairing : {RopePairing::interleaved, RopePairing::half}) {
            ModelConfig config = llamaLike();
            config.position.rope.pairing = pairing;
            const StreamCase c({"rope", config});
            const StreamRuns runs(c.model, c.weights);
            const std::vector<double> found = VocabularyCircuits(runs).distanceScores({0, 2}, {3}, 6);
            const std::vector<float>& scores =
                c.model.trace(c.weights, reading({3, 3, 3, 3, 3, 3})).at("decoder.0.attention.scores").values;
            for (std::size_t distance = 0; distance < 6; ++distance)
                QVERIFY(std::abs(found[distance] - static_cast<double>(scores[(2 * 6 + 5) * 6 + 5 - distance])) < 1e-4);
        }
        const StreamCase c({"none", bare()});
        QVERIFY(VocabularyCircuits(StreamRuns(c.model, c.weights)).distanceScores({0, 0}, {1}, 4).empty());
    }

    void positionsAloneGiveTheScoresOfTheirTable() {
        ModelConfig config = bare();
        config.position.kind = PositionKind::sinusoidal;
        config.norm.placement = NormPlacement::post;
        config.bias = false;
        const StreamCase c({"positions", config});
        Weights silent = c.weights;  // tokens that are nothing leave positions alone
        const Parameter& table = *c.model.layout().find("token_embedding.weight");
        std::fill_n(silent.data() + table.offset, table.size, 0.0F);
        const StreamRuns runs(c.model, silent);
        const Eigen::MatrixXd found = VocabularyCircuits(runs).positionScores({0, 1}, 5);
        const std::vector<float>& scores = c.model.trace(silent, reading({0, 1, 2, 3, 4})).at("encoder.0.attention.scores").values;
        for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t j = 0; j < 5; ++j)
                QVERIFY(std::abs(found(std::ptrdiff_t(i), std::ptrdiff_t(j)) - static_cast<double>(scores[(5 + i) * 5 + j])) < 1e-4);
    }

    void refusesWhatHasNoSuchMatrices() {
        ModelConfig config = smallConfig();
        config.attention.form = AttentionForm::latent;
        const StreamCase latent({"latent", config});
        QVERIFY_THROWS_EXCEPTION(InputError, headMatrices(latent.model, latent.weights, {0, 0}));
        const StreamCase mlp({"mlp", smallConfig()});
        const StreamRuns runs(mlp.model, mlp.weights);
        VocabularyCircuits circuits(runs);
        QVERIFY_THROWS_EXCEPTION(InputError, circuits.writes({0, 0}, {1}));
        QVERIFY_THROWS_EXCEPTION(InputError, circuits.copying({0, 0}));
        QVERIFY_THROWS_EXCEPTION(InputError, circuits.scores({0, 0}, {99}));
        QVERIFY_THROWS_EXCEPTION(InputError, circuits.scores({0, 2}, {1}));
        const StreamCase vectors({"vectors", ofVectors()});
        QVERIFY_THROWS_EXCEPTION(InputError, VocabularyCircuits(StreamRuns(vectors.model, vectors.weights)));
    }
};

QTEST_APPLESS_MAIN(CircuitsTest)
#include "circuits_test.moc"
