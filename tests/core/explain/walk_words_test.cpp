// What the walk says, where it depends on the form: symbols, formulas and notes, as the Markdown has them.

#include <QtTest>

#include "core/explain/markdown.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

/// The walk of a form, changed; block 0, head 0, query 3, key 1.
QString said(const std::function<void(ModelConfig&)>& change) {
    ModelConfig config = smallConfig();
    change(config);
    const Subject s = subjectOf(config);
    return QString::fromStdString(markdown(walkOf(s, questionOf(s, 0, 0, 3, 1)), {"run", "head", "tokens"}));
}

void rope(ModelConfig& c, Kind<RopeScalingSpec> scaling) {
    c.position.kind = PositionKind::rope;
    c.position.rope.scaling.kind = scaling;
    if (scaling->uses("factor")) c.position.rope.scaling.factor = 4;
    if (scaling->uses("original_max_seq_len")) c.position.rope.scaling.original_max_seq_len = 16;
}

}  // namespace

class WalkWordsTest : public QObject {
    Q_OBJECT

private slots:
    /// YaRN at s = 4: cos and sin carry 0.1 ln 4 + 1 = 1.1386, scores its square 1.2965.
    void theAttentionFactorIsNamedWhereItActs() {
        const QString yarn = said([](ModelConfig& c) { rope(c, "yarn"); });
        QVERIFY(yarn.contains("\u03BA = 0.1 ln(factor) + 1 = 1.1386"));
        QVERIFY(yarn.contains("\u03BA is the attention factor of YaRN for 4.0000 times the trained length n"));
        QVERIFY(yarn.contains("\u03BA\u00B2 = 1.2965"));
        QVERIFY(yarn.contains("\u03BA cos") && yarn.contains("\u03BA sin"));
        QVERIFY(yarn.contains("What is turned back is multiplied by \u03BA once more."));
        const QString plain = said([](ModelConfig& c) { rope(c, "linear"); });
        QVERIFY(!plain.contains(QChar(0x03BA)));
        QVERIFY(plain.contains("counter-clockwise") && !plain.contains("clock,"));
    }

    /// One symbol, one meaning: what has a letter of its own does not borrow another's.
    void lettersAreNotBorrowed() {
        const QString map = said([](ModelConfig& c) {
            c.attention.form = AttentionForm::kv_pos;
            c.num_kv_heads = c.num_heads;
        });
        QVERIFY(map.contains("\u03A3w \u00B7 s") && !map.contains("= s \u00B7 s"));  // s is the score alone
        const QString alibi = said([](ModelConfig& c) { c.position.kind = PositionKind::alibi; });
        QVERIFY(alibi.contains("m_h") || alibi.contains("m<sub>h</sub>") || alibi.contains("m_{h}"));  // m is the encoder's row
        const QString gated = said([](ModelConfig& c) { c.feed_forward.activation = Activation::swiglu; });
        QVERIFY(gated.contains("logistic(x)") && !gated.contains("\u03C3("));  // \u03c3 is a norm's spread
        const QString bell = said([](ModelConfig& c) { c.feed_forward.activation = Activation::gelu; });
        QVERIFY(bell.contains("\u03A6\u2032(u)") && !bell.contains("\u03C6(u)"));              // \u03c6 makes features
        for (const QString& walk : {map, alibi, gated, bell}) QVERIFY(!walk.contains("l+1"));  // l are logits
    }

    void theLinearKernelHasNoSoftmaxAndNoInfinity() {
        const QString causal = said([](ModelConfig& c) {
            c.architecture = Architecture::decoder;
            c.attention.kernel.kind = KernelKind::linear;
        });
        QVERIFY(causal.contains("run along with i"));
        QVERIFY(!causal.contains("gathered once for all"));
        QVERIFY(causal.contains("\u00D7 mask") && !causal.contains("+ mask") && !causal.contains("= \u2212\u221E"));
        QVERIFY(!causal.contains("a (\u2202a"));
        const QString full = said([](ModelConfig& c) { c.attention.kernel.kind = KernelKind::linear; });
        QVERIFY(full.contains("gathered once for all"));
        const QString window = said([](ModelConfig& c) {
            c.attention.kernel.kind = KernelKind::linear;
            c.attention.pattern = {"sliding-window", {{"window", 1}}};
        });
        QVERIFY(!window.contains("gathered once for all") && window.contains("a sum for each of them"));
    }

    void whatTheOthersGiveDependsOnMapAndMask() {
        const auto walk = [](AttentionForm form, Architecture architecture) {
            return said([=](ModelConfig& c) {
                c.attention.form = form;
                c.num_kv_heads = c.num_heads;
                c.architecture = architecture;
            });
        };
        QVERIFY(walk(AttentionForm::kv, Architecture::encoder).contains("each of them divides by a sum of its own"));
        QVERIFY(walk(AttentionForm::kv_pos, Architecture::encoder).contains("not their own g"));
        QVERIFY(walk(AttentionForm::kv, Architecture::decoder).contains("they give it nothing"));
    }

    void withoutPositionsTheMaskMayTellPlacesApart() {
        const QString blind = said([](ModelConfig& c) { c.position.kind = PositionKind::none; });
        QVERIFY(blind.contains("This model is not told any positions."));
        const QString causal = said([](ModelConfig& c) {
            c.architecture = Architecture::decoder;
            c.position.kind = PositionKind::none;
        });
        QVERIFY(causal.contains("only who may look at whom tells its places apart"));
    }

    /// Only terms that are small one by one are called so, whatever they add up to.
    void termsThatCancelAreNotSmall() {
        const auto terms = [](std::vector<double> values) {
            std::vector<Term> all;
            for (const double value : values) all.push_back({{Operand{value}}, false});
            return all;
        };
        const std::vector<std::size_t> order{0, 1, 2};
        QVERIFY(!smallFrom(terms({1.0, 0.9, -0.9}), order, 1));
        QVERIFY(smallFrom(terms({1.0, 0.09, 0.09}), order, 1));
        QVERIFY(smallFrom(terms({1.0, 0.9, -0.05}), order, 2));
    }
};

QTEST_APPLESS_MAIN(WalkWordsTest)
#include "walk_words_test.moc"
