#include "core/analysis/position_probe.h"

#include <QtTest>
#include <cmath>

#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/model/initialise.h"

using namespace lab;

namespace {

constexpr int positionsProbed = 6, widthProbed = 8;

/// `value(input, position, channel)` of so many inputs.
PositionSamples probeSamples(int inputs, const std::function<double(int, int, int)>& value) {
    PositionSamples samples{widthProbed, positionsProbed, {}, {}};
    for (int i = 0; i < inputs; ++i)
        for (int p = 0; p < positionsProbed; ++p) {
            for (int c = 0; c < widthProbed; ++c) samples.values.push_back(static_cast<float>(value(i, p, c)));
            samples.position.push_back(p);
        }
    return samples;
}

double probeNoise(int input, int position, int channel) {
    static const RandomStream random(8, "probe");
    return random.normal(static_cast<std::uint64_t>((input * positionsProbed + position) * widthProbed + channel));
}

/// Learned on some inputs, asked about others.
double probed(const std::function<double(int, int, int)>& value) {
    const auto shifted = [&](int i, int p, int c) { return value(i + 1000, p, c); };
    return linearPositionProbe(probeSamples(60, value), probeSamples(40, shifted));
}

std::vector<Sample> probedDigits(int inputs, bool twoSides) {
    const RandomStream random(9, "digits");
    std::vector<Sample> samples;
    std::uint64_t drawn = 0;
    const auto digits = [&] {
        std::vector<int> result;
        for (int t = 0; t < positionsProbed; ++t) result.push_back(static_cast<int>(random.uniform(drawn++) * 10));
        return result;
    };
    for (int i = 0; i < inputs; ++i) samples.push_back({digits(), twoSides ? digits() : std::vector<int>(), {}});
    return samples;
}

Experiment probedModel(PositionKind position, Architecture architecture = Architecture::encoder) {
    Experiment e;
    e.model.architecture = architecture;
    e.task.seq_len = positionsProbed;
    e.model.d_model = 16;
    e.model.num_layers = 2;
    e.model.num_heads = 2;
    e.model.position.kind = position;
    return resolved(e);
}

}  // namespace

class PositionProbeTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsThereIsFound() {
        QCOMPARE(probed([](int, int p, int c) { return p == c ? 1.0 : 0.0; }), 1.0);
        QCOMPARE(probed([](int i, int p, int c) { return (p == c ? 1.0 : 0.0) + 0.02 * probeNoise(i, p, c); }), 1.0);
        // However small beside what else is there.
        QCOMPARE(probed([](int i, int p, int c) { return c < positionsProbed ? (p == c ? 1.0 : 0.0) : 50 * probeNoise(i, p, c); }), 1.0);
    }

    void whatIsNotThereIsGuessed() {
        QCOMPARE(probed([](int, int, int c) { return c + 1.0; }), 1.0 / positionsProbed);
        QCOMPARE(probed([](int i, int, int c) { return probeNoise(i, 0, c); }), 1.0 / positionsProbed);
        const double guessed = probed([](int i, int p, int c) { return probeNoise(i, p, c); });
        QVERIFY2(std::abs(guessed - 1.0 / positionsProbed) < 0.12, qPrintable(QString::number(guessed)));
    }

    void halfOfItIsHalfFound() {
        // Two positions share each vector.
        const double found = probed([](int, int p, int c) { return p / 2 == c ? 1.0 : 0.0; });
        QCOMPARE(found, 0.5);
    }

    /// Without positions the encoder's stream does not hold them; with a learned table added to the tokens it does.
    void aModelKeepsOrLacksItsPositions() {
        for (const bool knows : {true, false}) {
            const Experiment e = probedModel(knows ? PositionKind::sinusoidal : PositionKind::none);
            const Model model(e.model);
            const auto found = positionProbes(model, initialWeights(model, 1), probedDigits(160, false));
            QVERIFY(found);
            QCOMPARE(found->learned, 120);
            QCOMPARE(found->heldOut, 40);
            QCOMPARE(found->positions, positionsProbed);
            QCOMPARE(found->blocks.size(), std::size_t{2});
            const double before = found->blocks[0].before, after = found->blocks[1].afterSum;
            const QByteArray said = QByteArray::number(before) + ' ' + QByteArray::number(after);
            if (knows) QVERIFY2(before == 1.0 && found->blocks[0].afterSum > 0.9, said.constData());
            if (!knows) QVERIFY2(before < 0.4 && after < 0.4, said.constData());
        }
    }

    /// The stream before cross-attention is the one that self-attention left.
    void everyBlockOfAnEncoderDecoderIsProbed() {
        for (const NormPlacement placement : {NormPlacement::pre, NormPlacement::post}) {
            Experiment e = probedModel(PositionKind::sinusoidal, Architecture::encoder_decoder);
            e.model.norm.placement = placement;
            const Model model(e.model);
            int told = 0, total = 0;
            const auto found = positionProbes(model, initialWeights(model, 1), probedDigits(160, true), {}, [&](int done, int of) {
                told = done;
                total = of;
            });
            QVERIFY(found);
            QCOMPARE(found->blocks.size(), model.attentionBlocks().size());
            QCOMPARE(told, total);
            for (const PositionProbe& block : found->blocks) QVERIFY2(block.before > 0.7, qPrintable(QString::number(block.before)));
        }
    }

    void aCancelledOneGivesNothing() {
        const Model model(probedModel(PositionKind::sinusoidal).model);
        QVERIFY(!positionProbes(model, initialWeights(model, 1), probedDigits(8, false), [] { return true; }));
    }
};

QTEST_APPLESS_MAIN(PositionProbeTest)
#include "position_probe_test.moc"
