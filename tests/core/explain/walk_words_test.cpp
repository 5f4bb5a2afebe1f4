// What the walk says, where it depends on the form: symbols, formulas and notes, as the Markdown has them.

#include <QtTest>

#include "core/explain/markdown.h"
#include "core/explain/walk_limits.h"
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

/// What one stage says of a form, changed: formula, text and notes; "" without the stage.
struct StageSaid {
    std::function<void(ModelConfig&)> change = [](ModelConfig&) {};
    std::function<void(Input&)> input = [](Input&) {};
    int block = 0, query = 3;

    QString at(const std::string& id) const {
        ModelConfig config = smallConfig();
        change(config);
        const Subject s = subjectOf(config, input);
        const Walk walk = walkOf(s, questionOf(s, block, 0, query, 1));
        const Stage* stage = walk.find(id);
        if (!stage) return {};
        std::string words = stage->formula.english() + "\n" + stage->text.english();
        for (const Words& note : stage->notes) words += "\n" + note.english();
        return QString::fromStdString(words);
    }
};

void linearKernel(ModelConfig& c) {
    c.attention.kernel.kind = KernelKind::linear;
}

void twoSides(ModelConfig& c) {
    c.architecture = Architecture::encoder_decoder;
    c.num_decoder_layers = 1;
}

void hideFirstToken(Input& input) {
    input.masked.assign(input.tokens.size(), false);
    input.masked[0] = true;
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

    /// Its features come after the turn: the products that are weighed are not those that depend on i - j alone.
    void theLinearKernelUndoesThatOnlyTheDistanceCounts() {
        const QString softmax = StageSaid{[](ModelConfig& c) { rope(c, "yarn"); }}.at("rotate");
        QVERIFY(softmax.contains("however far along both stand") && softmax.contains("every product q\u2032 \u00B7 k\u2032 is multiplied"));
        const QString linear = StageSaid{[](ModelConfig& c) {
                                   rope(c, "yarn");
                                   linearKernel(c);
                               }}.at("rotate");
        QVERIFY(linear.contains("they also depend on where both stand") && !linear.contains("however far along"));
        QVERIFY(linear.contains("longer before the feature map") && !linear.contains("is multiplied"));
    }

    void theLinearKernelSendsFeaturesBack() {
        const auto back = [](bool linear) {
            return StageSaid{[linear](ModelConfig& c) {
                c.position.kind = PositionKind::rope;
                if (linear) linearKernel(c);
            }};
        };
        const auto keys = [](const StageSaid& said) { return said.at("d_l1_keys"); };
        QVERIFY2(keys(back(false)).contains("q\u0303 is each query\u2019s q\u2032_{i} turned back"), qPrintable(keys(back(false))));
        QVERIFY(keys(back(false)).contains("sends back its own q,"));
        QVERIFY(keys(back(true)).contains("\u03C6(q\u2032_{i}) \u03C6\u2032(k\u2032_{"));
        QVERIFY(keys(back(true)).contains("sends back its own \u03C6(q) times the slope"));
        QVERIFY(back(true).at("d_softmax").contains("/ \u03A3_{j} s_{ij}"));
    }

    void eachQueryMayLeaveItsOwnKeyOut() {
        const QString diagonal = StageSaid{[](ModelConfig& c) {
                                     linearKernel(c);
                                     c.attention.mask_diagonal = true;
                                 }}.at("phi");
        QVERIFY(diagonal.contains("gathered once for all") && diagonal.contains("leaves its own key out"));
        const QString full = StageSaid{linearKernel}.at("phi");
        QVERIFY(full.contains("divided by their sum, are the shares") && !full.contains("its own key"));
    }

    void theLastSoftmaxIsTheFirstOfALinearModel() {
        QVERIFY(StageSaid{}.at("probabilities").contains("The same softmax as in the attention"));
        QVERIFY(StageSaid{linearKernel}.at("probabilities").contains("though this attention had none"));
    }

    void lengthsCountUnlessANormTookThemOut() {
        const auto normed = [](ModelConfig& c) { c.attention.qk_norm = true; };
        QVERIFY(StageSaid{}.at("dot").contains("there is no bound"));
        QVERIFY(StageSaid{normed}.at("dot").contains("Their lengths were taken out before") &&
                !StageSaid{normed}.at("dot").contains("bound"));
        QVERIFY(StageSaid{linearKernel}.at("dot").contains("no upper bound"));
        QVERIFY(!StageSaid{[&](ModelConfig& c) {
                     normed(c);
                     linearKernel(c);
                 }}.at("dot")
                     .contains("bound"));
    }

    void aProductWithItselfGrowsFaster() {
        QVERIFY(StageSaid{[](ModelConfig& c) { c.attention.form = AttentionForm::kv; }}.at("scale").contains("a sum of squares"));
        QVERIFY(!StageSaid{}.at("scale").contains("a sum of squares"));
    }

    void weightsThatNoSoftmaxMadeAreNotSaidToAddUp() {
        const auto set = [](Input& input) {
            input.interventions = {{Intervention::Kind::replace, "encoder.0.attention.weights", 0, std::vector<float>(2 * 6 * 6, 0.3f)}};
        };
        const QString byHand = StageSaid{.input = set}.at("weights");
        QVERIFY(byHand.contains("as set by hand") && byHand.contains("need not add up to 1") && !byHand.contains("Shares of one whole"));
        const QString even = StageSaid{.input = [](Input& input) {
                                 input.interventions = {{Intervention::Kind::headUniform, "encoder.0.attention", 0, {}}};
                             }}.at("weights");
        QVERIFY(even.contains("1 / the number of keys that query 3 may see") && even.contains("Shares of one whole"));
        QVERIFY(StageSaid{}.at("weights").contains("Shares of one whole"));
        QVERIFY(StageSaid{}.at("d_weights").contains("depends on the rest of the row"));
    }

    void aQueryThatSeesNothingTakesNothing() {
        const StageSaid blind{[](ModelConfig& c) { c.architecture = Architecture::decoder; }, hideFirstToken, 0, 0};
        QVERIFY(blind.at("exp").contains("sees no key") && blind.at("weights").contains("all its weights are 0"));
        StageSaid next = blind;
        next.query = 3;
        QVERIFY(next.at("exp").contains("positive for every key that may be seen"));
        QVERIFY(next.at("weights").contains("the row adds up to 1"));
    }

    /// The input's mask is for the encoder's tokens: it hides none of the decoder's own.
    void paddingIsToldWhereItHides() {
        const auto in = [](int block) { return StageSaid{twoSides, hideFirstToken, block}.at("mask"); };
        QVERIFY(in(0).contains("Padding"));
        QVERIFY(!in(2).contains("Padding") && in(2).contains("query i sees no key after i"));  // the decoder's own
        QVERIFY(in(3).contains("Padding"));
    }

    void theEncoderEndsBehindItsLastNorm() {
        const auto says = [](NormPlacement placement, const char* stage) {
            return StageSaid{[placement](ModelConfig& c) {
                       twoSides(c);
                       c.norm.placement = placement;
                   }}
                .at(stage)
                .contains("The encoder ends here.");
        };
        QVERIFY(says(NormPlacement::post, "later"));
        QVERIFY(!says(NormPlacement::pre, "later") && says(NormPlacement::pre, "final_norm"));
    }

    void whatTheOptimizerDoesIsSaidOfItsOwnNumbers() {
        const Subject s = subjectOf(smallConfig());
        Question question = questionOf(s, 0, 0, 3, 1);
        const auto update = [&](const char* rule, Parameters numbers) {
            question.optimizer.kind = Kind<UpdateRule>(rule);
            question.optimizer.numbers = std::move(numbers);
            const Walk walk = walkOf(s, question);
            std::string words = walk.find("update")->text.english();
            for (const Words& note : walk.find("update")->notes) words += "\n" + note.english();
            return QString::fromStdString(words);
        };
        QVERIFY(update("lion", {{"beta1", 0.9}, {"beta2", 0.99}}).contains("leans more on this gradient"));
        QVERIFY(!update("lion", {{"beta1", 0.9}, {"beta2", 0.9}}).contains("leans more on this gradient"));
        QVERIFY(update("adam", {}).contains("the first step is") && !update("adam", {}).contains("rest at most by"));
        QVERIFY(update("muon", {}).contains("position maps") && update("muon", {}).contains("for more outputs than inputs"));
    }

    void whatTrainingAddsToTheLossIsSaidWithItsNumbers() {
        const auto words = [](const AnswerCost& cost, const char* id) {
            const Subject s = subjectOf(smallConfig(), {}, cost);
            const Walk walk = walkOf(s, questionOf(s, 0, 0, 3, 1));
            const Stage& stage = *walk.find(id);
            std::string all = stage.formula.english() + "\n" + stage.text.english();
            for (const Words& note : stage.notes) all += "\n" + note.english();
            return QString::fromStdString(all);
        };
        for (const char* id : {"loss", "d_logits"}) {
            const QString none = words({}, id), smoothed = words({0.2, 0}, id), z = words({0, 0.05}, id), both = words({0.2, 0.05}, id);
            QVERIFY2(!none.contains("smoothing") && !none.contains("z-loss"), qPrintable(none));
            QVERIFY2(smoothed.contains("= 0.2") && !smoothed.contains("z-loss"), qPrintable(smoothed));
            QVERIFY2(z.contains("= 0.05") && !z.contains("smoothing"), qPrintable(z));
            QVERIFY2(both.contains("= 0.2") && both.contains("= 0.05"), qPrintable(both));
            QVERIFY(!both.contains('%') && !both.contains('$'));
        }
    }

    void theTableOfPositionsHasItsOwnLetter() {
        const QString walk = said([](ModelConfig& c) { c.position.kind = PositionKind::learned; });
        QVERIFY(walk.contains("PE_position") && !walk.contains("+ P_position") && !walk.contains("| P_position"));
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
        const StageSaid diagonal{[](ModelConfig& c) {
                                     c.position.kind = PositionKind::none;
                                     c.attention.mask_diagonal = true;
                                 },
                                 hideFirstToken};
        QVERIFY(diagonal.at("position").contains("This model is not told any positions."));
        for (const int window : {2, 40})
            QCOMPARE(said([window](ModelConfig& c) {
                         c.position.kind = PositionKind::none;
                         c.attention.pattern = {"sliding-window", {{"window", window}}};
                     }).contains("tells its places apart"),
                     window < 6);
    }

    void oneProjectionIsToldAsWhatItServesAs() {
        const StageSaid one{[](ModelConfig& c) { c.attention.form = AttentionForm::k; }};
        const QString project = one.at("project"), gradient = one.at("d_matrix");
        QVERIFY(project.contains("Keys serve as queries") && project.contains("Keys serve as values"));
        QVERIFY(one.at("heads").contains("with k of its own"));
        QVERIFY(gradient.contains("as query, as key and as value"));
        const StageSaid two{[](ModelConfig& c) { c.attention.form = AttentionForm::kv; }};
        QVERIFY(!two.at("project").contains("Keys serve as values"));
        QVERIFY(!two.at("d_matrix").contains("as value") && two.at("d_matrix").contains("learns as both at once"));
    }

    void keysThatAreDividedMakeNoSymmetricProducts() {
        const StageSaid divided{[](ModelConfig& c) {
            c.attention.form = AttentionForm::kv;
            c.attention.unit_keys = true;
        }};
        for (const char* stage : {"project", "dot", "weights"}) QVERIFY2(!divided.at(stage).contains("symmetric"), stage);
        QVERIFY(divided.at("project").contains("before this is divided by its length"));
        QVERIFY(divided.at("divide").contains("the products are not symmetric") && divided.at("divide").contains("Values are not divided"));
        QVERIFY(divided.at("dot").contains("length 1") && !divided.at("dot").contains("no bound"));
        QVERIFY(!divided.at("scale").contains("sum of squares"));
        const StageSaid whole{[](ModelConfig& c) { c.attention.form = AttentionForm::kv; }};
        QVERIFY(whole.at("dot").contains("symmetric") && whole.at("dot").contains("no bound"));
    }

    void whatIsNotOpenedIsSaid() {
        ModelConfig c = smallConfig();
        c.attention.form = AttentionForm::kv;
        c.attention.pattern = {"lsh", {{"buckets", 4}, {"rounds", 2}, {"chunk", 2}, {"seed", 1}}};
        QVERIFY(whyNoWalk(c).empty() && whyNoCode(c).empty());
        c = smallConfig();
        c.attention.differential = true;
        QVERIFY(!whyNoWalk(c).empty() && !whyNoCode(c).empty());
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
