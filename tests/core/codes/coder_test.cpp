#include "core/codes/coder.h"

#include <QtTest>
#include <set>

#include "core/base/errors.h"
#include "core/codes/code_neighbours.h"
#include "core/model/decoding.h"
#include "core/model/sample_input.h"
#include "tests/core/codes/codes_testing.h"

using namespace lab;
using namespace lab::testing;
using codes::Code;
using codes::Symbols;

namespace {

std::string refusalOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const InputError& error) {
        return error.message().english();
    }
    return {};
}

std::vector<codes::Opening> openingsOfSet(const codes::SequenceSet& set) {
    std::vector<codes::Opening> openings;
    for (const Sample& sample : set.samples) openings.push_back(codes::openingOf(sample));
    return openings;
}

/// The output's projection answers the last class whatever it reads.
void favourTheLastClass(const Model& model, Weights& weights) {
    const Parameter* bias = model.layout().find("output.projection.bias");
    QVERIFY(bias);
    at(weights, *bias)[bias->size - 1] = 1e4F;
}

}  // namespace

class CoderTest : public QObject {
    Q_OBJECT

private slots:
    void manyAtOnceAreOneByOne_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("second");
        QTest::newRow("fsq") << QByteArray("fsq") << QByteArray("levels");
        QTest::newRow("bits") << QByteArray("bits") << QByteArray("count");
        QTest::newRow("one-hot") << QByteArray("one-hot") << QByteArray("codes");
        QTest::newRow("gumbel") << QByteArray("gumbel") << QByteArray("codes");
        QTest::newRow("vq") << QByteArray("vq") << QByteArray("codes");
    }

    /// Codes are those of the looking path, and what is decoded from them is what the model answers to the sequences.
    void manyAtOnceAreOneByOne() {
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, second);
        const Parameters parameters =
            kind == "bits" ? Parameters{{"count", 6}} : Parameters{{"slots", 3}, {second == "levels" ? "levels" : "codes", 4}};
        const CodedModel coded(codedExperiment(kind.constData(), parameters));
        const auto all = coded.coder.codesOf(coded.set.sequences);
        const auto decoded = coded.coder.decoded(*all, openingsOfSet(coded.set));
        QCOMPARE(all->size(), coded.set.samples.size());
        std::set<Code> different;
        for (std::size_t i = 0; i < all->size(); ++i) {
            const Trace trace = coded.model->trace(coded.weights, inputOf(coded.set.samples[i]));
            const Tensor& own = trace.at("bottleneck.codes");
            QCOMPARE((*all)[i], Code(own.values.begin(), own.values.end()));
            QCOMPARE(coded.coder.sentFor((*all)[i]), trace.at("bottleneck.sent").values);
            QCOMPARE((*decoded)[i], answer(coded.model, coded.weights, inputOf(coded.set.samples[i])));
            QCOMPARE(coded.coder.codeOf(coded.set.sequences[i]), (*all)[i]);
            different.insert((*all)[i]);
        }
        QVERIFY(different.size() > 1);
    }

    void aCodeSetByHandIsDecodedAsStepsDo() {
        const CodedModel coded;
        const codes::Opening opening = codes::openingOf(coded.set.samples.front());
        QCOMPARE(opening.first, 5);  // BOS, one beyond the symbols
        QCOMPARE(opening.length, 4);
        std::vector<Code> all;
        for (int a = 0; a < 3; ++a)
            for (int b = 0; b < 3; ++b)
                for (int c = 0; c < 3; ++c) all.push_back({a, b, c});
        const auto decoded = coded.coder.decoded(all, std::vector<codes::Opening>(all.size(), opening));
        for (std::size_t i = 0; i < all.size(); ++i) {
            QCOMPARE((*decoded)[i], slowlyDecoded(coded, all[i], opening));
            QCOMPARE(coded.coder.decoded(all[i], opening), (*decoded)[i]);
        }
    }

    void lengthsDoNotMeddleWithEachOther() {
        const CodedModel coded;
        const std::vector<Symbols> sequences{{1, 2, 3, 4}, {0}, {4, 3, 2, 1, 0, 1, 2}, {1, 1}, {2, 2, 2, 2}, {3}};
        const auto all = coded.coder.codesOf(sequences);
        std::vector<codes::Opening> openings;
        for (std::size_t i = 0; i < sequences.size(); ++i) {
            QCOMPARE((*all)[i], coded.coder.codeOf(sequences[i]));
            openings.push_back({5, static_cast<int>(sequences[i].size())});
        }
        const auto decoded = coded.coder.decoded(*all, openings);
        for (std::size_t i = 0; i < sequences.size(); ++i) {
            QCOMPARE((*decoded)[i].size(), sequences[i].size());
            QCOMPARE((*decoded)[i], coded.coder.decoded((*all)[i], openings[i]));
        }
    }

    void behindAClassThatIsNoTokenNothingIsWritten() {
        Experiment experiment = codedExperiment();
        experiment.model.num_classes = 9;  // the vocabulary has 6
        CodedModel coded(experiment);
        favourTheLastClass(*coded.model, coded.weights);
        const codes::Coder coder(coded.model, coded.weights);
        const Code code = coder.codeOf({1, 2, 3, 4});
        QCOMPARE(coder.decoded(code, {5, 4}), (Symbols{8, -1, -1, -1}));
        QCOMPARE(answer(coded.model, coded.weights, inputOf(coded.set.samples.front())), (Symbols{8, -1, -1, -1}));
    }

    void whatHasNoCodeIsNamed() {
        Experiment plain = codedExperiment();
        plain.model.bottleneck = {};
        const LoadedTask task = loadTask(plain, {});
        const auto model = std::make_shared<const Model>(task.experiment.model);
        const std::string none = refusalOf([&] { codes::Coder(model, randomWeights<float>(*model, 1)); });
        QVERIFY2(none.find("model.bottleneck.kind") != none.npos && none.find("has no bottleneck") != none.npos, none.c_str());
        const CodedModel coded;
        QVERIFY(refusalOf([&] { (void)coded.coder.codeOf({}); }).find("empty") != std::string::npos);
        QVERIFY(refusalOf([&] { (void)coded.coder.codeOf({1, 6}); }).find("Token 6") != std::string::npos);
        QVERIFY(refusalOf([&] { (void)coded.coder.decoded({0, 0, 0}, {9, 4}); }).find("Token 9") != std::string::npos);
        Experiment learned = codedExperiment();
        learned.model.position.kind = PositionKind::learned;
        const CodedModel bounded(learned);
        const std::string longer = refusalOf([&] { (void)bounded.coder.codeOf({1, 2, 3, 4, 0}); });
        QVERIFY2(longer.find("model.max_seq_len") != longer.npos, longer.c_str());
    }

    void aWatchEndsTheWork() {
        const CodedModel coded;
        std::vector<double> shares;
        const auto goOn = [&](double share) {
            shares.push_back(share);
            return true;
        };
        QVERIFY(coded.coder.codesOf(coded.set.sequences, goOn));
        QVERIFY(!shares.empty() && std::ranges::is_sorted(shares) && shares.back() == 1.0);
        const auto stop = [](double) { return false; };
        QVERIFY(!coded.coder.codesOf(coded.set.sequences, stop));
        const auto all = coded.coder.codesOf(coded.set.sequences);
        QVERIFY(!coded.coder.decoded(*all, openingsOfSet(coded.set), stop));
        QVERIFY(!coded.coder.losses(coded.set.sequences, stop));
    }

    /// What a training would add to its loss for the same sequences.
    void lossesAreThoseOfTraining() {
        for (const char* kind : {"fsq", "vq"}) {
            Experiment experiment = codedExperiment(
                kind, kind == std::string("fsq") ? Parameters{{"slots", 3}, {"levels", 3}} : Parameters{{"slots", 3}, {"codes", 3}});
            experiment.model.bottleneck.usage = 1;
            experiment.model.bottleneck.injectivity = 1;
            const CodedModel coded(experiment);
            const Weights transposed = coded.model->transposedCopy(coded.weights);
            Scratch scratch;
            Pass<float> pass{kernels<float>(), coded.weights.data(), transposed.data(), nullptr, scratch};
            const Batch batch = makeBatch(coded.set.samples);
            const PassSums sums = coded.model->network().evaluate(pass, viewOf(batch, 0, batch.sequences));
            const CodeLosses losses = *coded.coder.losses(coded.set.sequences);
            const double together = losses.commitment + losses.usage + losses.injectivity;
            QVERIFY(together > 0);
            QVERIFY2(std::abs(sums.beside / batch.sequences - together) < 1e-4 * together, kind);
            QCOMPARE(losses.commitment > 0, kind == std::string("vq"));
        }
    }

    void dialsLeadWhereCodesDo() {
        const CodedModel coded;
        const codes::CodeOfSequence look = codes::lookedAt(coded.coder, coded.set.samples.front());
        QCOMPARE(look.wanted, std::optional(coded.set.samples.front().targets));
        QCOMPARE(*look.wrong, codes::differingPositions(look.decoded, look.sequence));
        const auto turns = codes::turnedAround(coded.coder, look.code, look.decoded, look.opening, 1);
        QCOMPARE(turns.size(), std::size_t{3});
        for (int c = 0; c < 3; ++c) {
            const codes::DialTurn& turn = turns[static_cast<std::size_t>(c)];
            Code expected = look.code;
            expected[1] = c;
            QCOMPARE(turn.code, expected);
            QCOMPARE(turn.decoded, slowlyDecoded(coded, expected, look.opening));
            QCOMPARE(turn.changed, codes::differingPositions(look.decoded, turn.decoded));
            QCOMPARE(codes::turned(coded.coder, look.code, look.decoded, look.opening, 1, c).decoded, turn.decoded);
            if (c == look.code[1]) QVERIFY(turn.changed.empty());
        }
        const auto refused = [&](int slot, int code) {
            return refusalOf([&] { (void)codes::turned(coded.coder, look.code, look.decoded, look.opening, slot, code); });
        };
        QCOMPARE(refused(3, 0), std::string("There is no slot 3; they are 0 .. 2."));
        QCOMPARE(refused(2, 3), std::string("Slot 2 has the codes 0 .. 2, and 3 is none of them."));
    }

    void nearestSequencesAreThoseOfASlowSearch() {
        const CodedModel coded;
        const auto all = coded.coder.codesOf(coded.set.sequences);
        const Symbols& asked = coded.set.sequences[7];
        const auto nearest = codes::nearestSequences(coded.coder, asked, (*all)[7], coded.set, *all, 5);
        QCOMPARE(nearest.size(), std::size_t{5});
        const auto slotsApart = [&](std::size_t i) {
            std::size_t apart = 0;
            for (std::size_t m = 0; m < 3; ++m) apart += (*all)[i][m] != (*all)[7][m];
            return apart;
        };
        std::set<std::size_t> found;
        for (const codes::Neighbour& each : nearest) {
            QVERIFY(each.index != 7);
            QCOMPARE(each.otherSlots.size(), slotsApart(each.index));
            QCOMPARE(each.differing, codes::differingPositions(asked, coded.set.sequences[each.index]));
            QCOMPARE(each.sameCode(), (*all)[each.index] == (*all)[7]);
            found.insert(each.index);
        }
        for (std::size_t i = 0; i < all->size(); ++i)
            if (i != 7 && !found.contains(i)) QVERIFY(slotsApart(i) >= nearest.back().otherSlots.size());
    }
};

QTEST_GUILESS_MAIN(CoderTest)
#include "coder_test.moc"
