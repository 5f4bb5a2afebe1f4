#include <QTest>
#include <cmath>

#include "core/io/safetensors.h"
#include "core/pretrained/pretrained_model.h"
#include "core/stream/attribution.h"
#include "core/stream/circuits.h"
#include "core/stream/lens.h"
#include "tests/core/pretrained/pretrained_cases.h"

using namespace lab;
using namespace lab::testing;

/// What TransformerLens makes of the tiny GPT-2 (tests/reference/stream): lens, attribution, patching, path patching, composition.
class StreamReferenceTest : public QObject {
    Q_OBJECT

    PretrainedModel m_opened = openPretrained(pretrainedFolder / "gpt2");
    TensorFile m_file = readSafetensors(pretrainedFolder.parent_path() / "stream" / "gpt2.safetensors");
    StreamRuns m_runs{*m_opened.model, m_opened.weights};

    const Tensor& expected(const std::string& name) const { return m_file.tensors.at(name); }
    Input input(const std::string& name) const {
        Input input;
        const Tensor& tokens = expected(name);
        input.tokens.assign(tokens.integers.begin(), tokens.integers.end());
        return input;
    }
    int asked(std::size_t i) const { return static_cast<int>(expected("asked").integers[i]); }
    static void near(double found, double wanted, const std::string& name) {
        QVERIFY2(std::abs(found - wanted) <= 1e-4 * std::max(1.0, std::abs(wanted)),
                 qPrintable(QString("%1: %2, TransformerLens %3").arg(name.c_str()).arg(found).arg(wanted)));
    }
    static double sumOf(const Attribution& a, TermKind kind, int layer, int head = -1) {
        double sum = 0;
        for (const AttributionTerm& term : a.terms)
            if (term.kind == kind && term.layer == layer && term.head == head) sum += term.value;
        return sum;
    }

private slots:
    void theLensReadsTheSame() {
        const StreamStates states = streamStates(m_runs, input("clean"));
        const Tensor& all = expected("lens");
        QCOMPARE(std::ssize(states.places), all.extent(0));
        std::size_t i = 0;
        for (int place = 0; place < static_cast<int>(states.places.size()); ++place)
            for (const float logit : m_runs.read(states.at(place), states.positions))
                near(static_cast<double>(logit), static_cast<double>(all.values[i++]), "lens " + std::to_string(place));
        QCOMPARE(i, all.values.size());
    }

    void attributionIsTheSame() {
        LogitQuestion question{asked(0), asked(1)};
        question.against = LogitQuestion::Against::other;
        question.other = asked(2);
        const Attribution found = attributionOf(m_runs, input("clean"), question);
        for (int layer = 0; layer < 3; ++layer) {
            const double forward = sumOf(found, TermKind::feed_forward, layer) + sumOf(found, TermKind::feed_forward_bias, layer);
            near(forward, static_cast<double>(expected("attribution.feed-forward").values[std::size_t(layer)]), "feed-forward");
            for (int head = 0; head < 4; ++head)
                near(sumOf(found, TermKind::head, layer, head),
                     static_cast<double>(expected("attribution.heads").values[std::size_t(layer * 4 + head)]), "head");
        }
        near(sumOf(found, TermKind::token, -1), static_cast<double>(expected("attribution.embedding").values[0]), "token");
        near(sumOf(found, TermKind::position, -1), static_cast<double>(expected("attribution.embedding").values[1]), "position");
    }

    void patchingBringsBackTheSame() {
        const Patching patching(m_runs, input("clean"), input("corrupted"), {asked(0), asked(1), asked(2)});
        for (const PatchPart part : {PatchPart::stream, PatchPart::attention, PatchPart::feed_forward, PatchPart::head}) {
            const std::string name = "patch." + std::string(nameOf(part));
            const PatchGrid grid = patchGrid(*m_opened.model, part, input("clean"));
            const Tensor& shares = expected(name);
            QCOMPARE(grid.sites.size(), shares.values.size());
            for (std::size_t i = 0; i < grid.sites.size(); ++i)
                near(patching.recovered({grid.sites[i]}), static_cast<double>(shares.values[i]), name + " " + std::to_string(i));
        }
    }

    void pathsBringBackTheSame() {
        const Patching patching(m_runs, input("clean"), input("corrupted"), {asked(0), asked(1), asked(2)});
        const Tensor& shares = expected("paths");
        std::size_t i = 0;
        double largest = 0;
        for (int l1 = 0; l1 < 3; ++l1)
            for (int l2 = l1 + 1; l2 < 3; ++l2)
                for (int h1 = 0; h1 < 4; ++h1)
                    for (int h2 = 0; h2 < 4; ++h2)
                        for (const PathEnd end : {PathEnd::query, PathEnd::key, PathEnd::value}) {
                            const auto share = static_cast<double>(shares.values.at(i++));
                            largest = std::max(largest, std::abs(share));
                            near(patching.recoveredByPath({l1, h1}, {l2, h2}, end), share, "path " + std::to_string(i - 1));
                        }
        QCOMPARE(i, shares.values.size());
        QVERIFY(largest > 0.01);  // some way carries something
    }

    void compositionIsTheSame() {
        for (int l1 = 0; l1 < 3; ++l1)
            for (int l2 = l1 + 1; l2 < 3; ++l2)
                for (int h1 = 0; h1 < 4; ++h1)
                    for (int h2 = 0; h2 < 4; ++h2) {
                        const auto i = static_cast<std::size_t>(((l1 * 4 + h1) * 3 + l2) * 4 + h2);
                        const Composition found = compositionOf(headMatrices(*m_opened.model, m_opened.weights, {l1, h1}),
                                                                headMatrices(*m_opened.model, m_opened.weights, {l2, h2}));
                        near(found.q, static_cast<double>(expected("composition.q").values[i]), "q");
                        near(found.k, static_cast<double>(expected("composition.k").values[i]), "k");
                        near(found.v, static_cast<double>(expected("composition.v").values[i]), "v");
                    }
    }
};

QTEST_APPLESS_MAIN(StreamReferenceTest)
#include "stream_reference_test.moc"
