#include <QTest>

#include "core/base/errors.h"
#include "core/stream/attribution.h"
#include "tests/core/stream/stream_testing.h"

using namespace lab;
using namespace lab::testing;

/// What made a logit adds up to it, whatever the form of the model.
class AttributionTest : public QObject {
    Q_OBJECT

    static void addsUp(const Attribution& a) {
        QVERIFY2(std::abs(a.difference()) <= 1e-5 * (1.0 + a.size),
                 qPrintable(QString("sum %1, logit %2, size %3").arg(a.sum).arg(a.logit).arg(a.size)));
    }
    static double valueOf(const Attribution& a, TermKind kind, int layer, int head = -1) {
        double sum = 0;
        for (const AttributionTerm& t : a.terms)
            if (t.kind == kind && t.layer == layer && t.head == head) sum += t.value;
        return sum;
    }

private slots:
    void termsAddUpToTheLogit_data() {
        QTest::addColumn<int>("index");
        const auto forms = formsWithStream();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    void termsAddUpToTheLogit() {
        QFETCH(int, index);
        const StreamCase c(formsWithStream()[static_cast<std::size_t>(index)]);
        const StreamRuns runs(c.model, c.weights);
        const int blocks = static_cast<int>(c.model.attentionBlocks().size());
        for (const int position : {0, 4}) {
            LogitQuestion question{position, 1};
            const Attribution plain = attributionOf(runs, c.input, question);
            addsUp(plain);
            QVERIFY(plain.terms.front().kind != TermKind::output_bias);
            question.against = LogitQuestion::Against::mean;
            addsUp(attributionOf(runs, c.input, question));
            question.against = LogitQuestion::Against::other;
            question.other = 0;
            if (blocks > 0) question.split = {blocks - 1, 0};
            addsUp(attributionOf(runs, c.input, question));
        }
    }

    /// Without a norm the terms are what each part alone puts into the logit: taking a head away takes its term away.
    void aHeadsTermIsWhatTheLogitLosesWhereNothingIsNonlinear() {
        ModelConfig config = smallConfig();
        config.num_layers = 1;
        config.norm.kind = NormKind::none;
        config.d_ff = 0;
        config.output = {OutputKind::linear, false, true, LossKind::cross_entropy};
        const StreamCase c({"linear", config});
        const StreamRuns runs(c.model, c.weights);
        for (int head = 0; head < 2; ++head) {
            const Attribution with = attributionOf(runs, c.input, {3, 2});
            Input off = c.input;
            off.interventions.push_back({Intervention::Kind::headOff, "encoder.0.attention", head, {}});
            const Attribution without = attributionOf(runs, off, {3, 2});
            QVERIFY(std::abs(with.logit - without.logit - valueOf(with, TermKind::head, 0, head)) < 1e-5);
            QCOMPARE(valueOf(without, TermKind::head, 0, head), 0.0);
        }
    }

    /// A head's parts are its weights times what each key's value puts into the logit.
    void aSplitHeadIsItsTermOverItsKeys() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        LogitQuestion question{5, 3};
        const Attribution whole = attributionOf(runs, c.input, question);
        question.split = {1, 1};
        const Attribution split = attributionOf(runs, c.input, question);
        double sum = 0;
        int parts = 0;
        for (const AttributionTerm& t : split.terms) {
            if (t.kind != TermKind::head || t.layer != 1 || t.head != 1) continue;
            QCOMPARE(t.source, parts++);
            sum += t.value;
        }
        QCOMPARE(parts, static_cast<int>(c.input.tokens.size()));
        QVERIFY(std::abs(sum - valueOf(whole, TermKind::head, 1, 1)) < 1e-5);
    }

    /// The slope of a term is the model's own gradient where all that is held fixed is linear anyway.
    void slopesAreGradientsWhereNothingBends() {
        ModelConfig config = smallConfig();
        config.norm = {NormKind::none, NormPlacement::pre, 1e-5};
        config.output = {OutputKind::linear, false, true, LossKind::cross_entropy};
        const StreamCase c({"no norm", config});
        const StreamRuns runs(c.model, c.weights);
        const Attribution before = attributionOf(runs, c.input, {2, 1});
        Weights moved = c.weights;
        const Parameter& table = *c.model.layout().find("output.projection.bias");
        moved.data()[table.offset + 1] += 0.5F;
        const StreamRuns after(c.model, moved);
        QVERIFY(std::abs(attributionOf(after, c.input, {2, 1}).logit - before.logit - 0.5) < 1e-5);
        QVERIFY(std::abs(valueOf(attributionOf(after, c.input, {2, 1}), TermKind::output_bias, -1) -
                         valueOf(before, TermKind::output_bias, -1) - 0.5) < 1e-6);
    }

    void theMeanOverInputsIsTheMeanOfTheirTerms() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        Input other = c.input;
        other.tokens[1] = (other.tokens[1] + 1) % *c.model.config().vocab_size;
        const Attribution a = attributionOf(runs, c.input, {2, 1}), b = attributionOf(runs, other, {3, 0});
        AttributionMean gathered;
        gathered.add(a);
        gathered.add(b);
        QCOMPARE(gathered.count(), 2);
        const Attribution mean = gathered.mean();
        QVERIFY(std::abs(mean.logit - (a.logit + b.logit) / 2) < 1e-12);
        QVERIFY(std::abs(valueOf(mean, TermKind::head, 0, 1) - (valueOf(a, TermKind::head, 0, 1) + valueOf(b, TermKind::head, 0, 1)) / 2) <
                1e-12);
        addsUp(mean);
    }

    void theTrueAnswerIsAskedWhereOneIs() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        Input input = c.input;
        input.targets.assign(input.tokens.size(), -1);
        input.targets[2] = 3;
        using Against = LogitQuestion::Against;
        QVERIFY(!trueAnswerAt(runs, input, 1, Against::mean));
        QVERIFY(!trueAnswerAt(runs, input, 99, Against::mean));
        const auto mean = trueAnswerAt(runs, input, 2, Against::mean);
        QCOMPARE(mean->answer, 3);
        const auto other = trueAnswerAt(runs, input, 2, Against::other);
        const StreamStates states = streamStates(runs, input);
        const float* row = states.logits.data() + std::ptrdiff_t{2} * states.classes;
        QVERIFY(other->other != 3);
        for (int k = 0; k < states.classes; ++k) QVERIFY(k == 3 || row[k] <= row[other->other]);
    }

    void refusesWhatIsNotThere() {
        const StreamCase c({"qkv", smallConfig()});
        const StreamRuns runs(c.model, c.weights);
        QVERIFY_THROWS_EXCEPTION(InputError, attributionOf(runs, c.input, {7, 0}));
        QVERIFY_THROWS_EXCEPTION(InputError, attributionOf(runs, c.input, {-1, 0}));
        QVERIFY_THROWS_EXCEPTION(InputError, attributionOf(runs, c.input, {0, 5}));
        LogitQuestion question{0, 0};
        question.split = {2, 0};
        QVERIFY_THROWS_EXCEPTION(InputError, attributionOf(runs, c.input, question));
        for (const AttributionTerm& term : attributionOf(runs, c.input, {0, 0}).terms) QVERIFY(!term.label().english().empty());
    }
};

QTEST_APPLESS_MAIN(AttributionTest)
#include "attribution_test.moc"
