#include "core/explain/walk.h"

#include <QtTest>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/explain/context.h"
#include "core/explain/examples.h"
#include "core/explain/markdown.h"
#include "core/explain/plane.h"
#include "core/explain/twin.h"
#include "core/explain/walk_limits.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

/// Without most of those that differ in the mask alone.
std::vector<NamedConfig> formsOfNumbers() {
    const std::set<std::string> alike{"window 0", "longformer", "strided causal"};
    std::vector<NamedConfig> forms = walkedForms();
    std::erase_if(forms, [&](const NamedConfig& form) { return form.name.starts_with("pattern ") || alike.contains(form.name); });
    return forms;
}

/// The walk of a form's first block and head, which several tests look at.
const Walk& knownWalk(const std::string& form, const Subject& s, int query, int key) {
    static std::map<std::tuple<std::string, int, int>, Walk> walks;
    const auto [walk, isNew] = walks.try_emplace({form, query, key});
    if (isNew) walk->second = walkOf(s, questionOf(s, 0, 0, query, key));
    return walk->second;
}

/// Sizes of what was added: rounding grows with them.
double magnitude(const Expression& e) {
    double sum = std::abs(e.result);
    for (const Term& term : e.terms) sum += std::abs(term.value());
    return sum;
}

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

QByteArray place(const std::string& form, const Stage& stage, const Grid& grid, int row, int column) {
    return QByteArray::fromStdString(form + ": " + stage.id + "/" + grid.id + " " + std::to_string(row) + "," + std::to_string(column));
}

/// Every cell: the expression's result is the cell's number, and follows from its terms.
void checkCells(const std::string& form, const Walk& walk) {
    for (const Stage& stage : walk.stages)
        for (const Grid& grid : stage.grids)
            for (int row = 0; row < grid.rows; ++row)
                for (int column = leadColumn; column < grid.columns; ++column) {
                    const CellRef cell{stage.id, grid.id, row, column};
                    const double shown = grid.at(row, column);
                    if (!walk.grid(cell) || std::isnan(shown)) continue;
                    const Expression e = walk.explain(cell);
                    const QByteArray where = place(form, stage, grid, row, column);
                    QVERIFY2(same(e.result, shown), where);
                    if (e.operation == Operation::given) continue;
                    const double computed = evaluate(e);
                    const double allowed = 3e-6 * magnitude(e) + 1e-7;
                    QVERIFY2(std::abs(computed - shown) <= allowed, where + " is " + QByteArray::number(shown, 'g', 9) +
                                                                        ", its terms give " + QByteArray::number(computed, 'g', 9));
                }
}

/// Every operand of the stages' results that names a cell has that cell's number. Of other queries and keys the first is followed, and
/// one other thing at a time: each takes a walk of its own, and links to the rest are made alike, as are those of a grid's middle rows.
void checkLinks(const std::string& form, const Subject& s, const Question& question, const Walk& walk) {
    std::map<std::array<int, 4>, Walk> walks;  // by block, head, query and key
    for (const Stage& stage : walk.stages) {
        QVERIFY2(walk.grid(stage.result), stage.id.c_str());
        for (const Grid& grid : stage.grids)
            for (int row = 0; row < grid.rows; ++row)
                for (int column : {leadColumn, masterColumn, 0, grid.columns - 1}) {
                    const CellRef cell{stage.id, grid.id, row, column};
                    if (!walk.grid(cell) || (row >= 4 && row + 1 < grid.rows)) continue;
                    for (const Term& term : walk.explain(cell).terms)
                        for (const Operand& operand : term.factors) {
                            if (!operand.hasOrigin()) continue;
                            const int query = operand.from.query >= 0 ? operand.from.query : question.query;
                            const int key = operand.from.key >= 0 ? operand.from.key : question.key;
                            const int block = operand.from.block >= 0 ? operand.from.block : question.block;
                            const int head = operand.from.head >= 0 ? operand.from.head : question.head;
                            const auto isFollowed = [](int there, int own) { return there == own || there == 0; };
                            const int others = (query != question.query) + (key != question.key) + (head != question.head);
                            if (!isFollowed(query, question.query) || !isFollowed(key, question.key) || others > 1) continue;
                            const auto [other, isNew] = walks.try_emplace({block, head, query, key});
                            if (isNew) {
                                Question q = question;
                                q.block = block;
                                q.head = head;
                                q.query = query;
                                q.key = key;
                                other->second = walkOf(s, q);
                            }
                            const Grid* target = other->second.grid(operand.from);
                            const QByteArray where = place(form, stage, grid, row, column) + " -> " + operand.from.stage.c_str() + "/" +
                                                     operand.from.grid.c_str();
                            QVERIFY2(target, where);
                            const double there = target->at(operand.from.row, operand.from.column);
                            QVERIFY2(std::abs(there - operand.value) <= 1e-8 + 1e-5 * std::abs(there) || same(there, operand.value), where);
                        }
                }
    }
}

/// "feed_forward", or of several experts the first that a row goes through.
std::string feedForwardOf(const Subject& s, const std::string& layer, int row) {
    if (!s.model->config().hasExperts()) return "feed_forward";
    const Tensor& chosen = s.trace->at(layer + "feed_forward.experts");
    return "feed_forward.experts." + std::to_string(std::lround(chosen.values[static_cast<std::size_t>(row * chosen.extent(1))]));
}

/// The bias of what its keys are made by.
std::string keyBias(const Subject& s, const AttentionBlock& block) {
    return block.name + (s.model->layout().find(block.name + ".latent.weight") ? ".latent.bias" : ".key.bias");
}

}  // namespace

class WalkTest : public QObject {
    Q_OBJECT

private slots:
    void everyNumberFollowsFromItsTermsInAllForms() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const AttentionBlock& block = s.model->attentionBlocks()[b];
                const Walk walk = walkOf(s, questionOf(s, static_cast<int>(b), block.heads - 1, 3, 1));
                QVERIFY(walk.hasBackward);
                checkCells(name + " " + block.name, walk);
                if (QTest::currentTestFailed()) return;
            }
        }
    }

    /// With what training adds to the loss: numbers, terms and links, and the trace's gradient is the twin's.
    void whatAnswersCostIsTold() {
        ModelConfig plain = smallConfig(), headed = smallConfig();
        headed.output.kind = OutputKind::mlp;
        for (const ModelConfig& config : {plain, headed})
            for (const AnswerCost& cost : {AnswerCost{0.2, 0.0}, {0.0, 0.05}, {0.2, 0.05}}) {
                const Subject s = subjectOf(config, {}, cost);
                for (const int query : {1, 3}) {  // nothing is asked at position 1
                    const Question q = questionOf(s, 0, 1, query, 1);
                    const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
                    checkCells("answer cost", walk);
                    checkLinks("answer cost", s, q, walk);
                    for (std::size_t i = 0; i < walk.stages.size(); ++i) {
                        if (walk.stages[i].id == "update") continue;  // Adam on rounding noise
                        const Check check = checkStage(walk.stages[i], twin.stages[i]);
                        QVERIFY2(check.agrees, (walk.stages[i].id + " " + std::to_string(check.difference)).c_str());
                    }
                    const Stage &loss = *walk.find("loss"), &back = *walk.find("d_logits");
                    QCOMPARE(loss.find("smoothing") != nullptr, cost.label_smoothing > 0);
                    QCOMPARE(loss.find("zloss") != nullptr, cost.z_loss > 0);
                    QCOMPARE(back.find("rows")->rows, cost.z_loss > 0 ? 4 : 3);
                    QCOMPARE(back.result.row, back.find("rows")->rows - 1);
                    const int target = s.input.targets[static_cast<std::size_t>(walk.answer)], classes = *config.num_classes;
                    for (int c = 0; c < classes; ++c)
                        QVERIFY(std::abs(back.find("rows")->at(1, c) - (c == target ? 1 - cost.label_smoothing : 0.0) -
                                         cost.label_smoothing / classes) < 1e-12);
                }
            }
    }

    /// What a number is called where it is used it is called where it is made, but for the few that change their name as they go on.
    void numbersKeepTheirNames() {
        const std::set<std::string> goOnAs{"y of z",
                                           "x of x\u2032",
                                           "x\u2032 of h",
                                           "x\u2032 of x",
                                           "x\u2032 of m",
                                           "z\u2032 of z",
                                           "z of z\u2032",
                                           "h of x\u2032",
                                           "h of x",
                                           "m of x\u2032",
                                           "m of x",
                                           "k of q",
                                           "k\u2032 of q\u2032",
                                           "y of x",
                                           "y of m",
                                           "y of z\u2032",
                                           "x of m",
                                           "s of a",
                                           "a of s",
                                           "y of h",
                                           "g of p"};
        const auto bare = [](const std::string& name) {
            std::string symbol;
            for (std::size_t i = 0; i < name.size(); ++i)
                if ((name[i] == '_' || name[i] == '^') && name.substr(i + 1, 1) == "{")
                    i = name.find('}', i);
                else
                    symbol += name[i];
            return symbol.starts_with("\u2202") ? symbol.substr(std::string("\u2202").size()) : symbol;
        };
        const auto isSymbol = [](const std::string& name) {
            return std::isalpha(name[0]) && (name.size() == 1 || name.substr(1) == "\u2032");
        };
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const Walk& walk = knownWalk(name, s, 4, 2);
            for (const Stage& stage : walk.stages) {
                if (stage.id == "update") continue;
                for (const Grid& grid : stage.grids)
                    for (int row = 0; row < grid.rows; ++row)
                        for (int column : {leadColumn, masterColumn, 0}) {
                            if (!walk.grid({stage.id, grid.id, row, column}) || std::isnan(grid.at(row, column))) continue;
                            const Expression e = grid.explain(row, column);
                            for (const Term& term : e.terms)
                                for (const Operand& operand : term.factors) {
                                    const CellRef& from = operand.from;
                                    if (!operand.hasOrigin() || from.block >= 0 || !walk.grid(from)) continue;
                                    const std::string here = bare((operand.name.empty() ? e.name : operand.name).english());
                                    const std::string there = bare(walk.explain(from).name.english());
                                    if (here == there || !isSymbol(here) || !isSymbol(there) || here == "W") continue;
                                    QVERIFY2(goOnAs.contains(here + " of " + there),
                                             place(name, stage, grid, row, column) + ": " + (here + " of " + there).c_str());
                                }
                        }
            }
        }
    }

    void whatANormOrPositionsMadeOfANumberHasAPrime() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const Walk& walk = knownWalk(name, s, 4, 2);
            const Stage* position = walk.find("position");
            const bool turns = walk.find("rotate") || walk.find("normalise"), adds = position && position->find("score");
            QVERIFY2(walk.find("d_query")->symbol.english() == (turns ? "\u2202q\u2032" : "\u2202q"), name.c_str());
            const bool spans = config.attention.span;
            const char* score = spans ? "\u2202s\u2033" : config.attention.soft_cap > 0 ? "\u2202s*" : adds ? "\u2202s\u2032" : "\u2202s";
            QVERIFY2(walk.find("d_softmax")->symbol.english() == score, name.c_str());
            const Stage* later = walk.find("d_l1_query");
            if (later && config.position.skip_every == 0)
                QCOMPARE(later->symbol.english(), walk.find("d_softmax")->symbol.english() + ", " + walk.find("d_query")->symbol.english());
        }
    }

    void aPartOfTheStreamsGradientIsNotNamedAsTheWhole() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const Walk& walk = knownWalk(name, s, 4, 2);
            const bool pre = config.norm.placement == NormPlacement::pre && specOf(config.norm.kind).normalises;
            for (const Stage& stage : walk.stages) {
                const Grid* sum = stage.backward ? stage.find("sum") : nullptr;
                if (!sum || sum->rowLabels.front().english() != "straight on") continue;
                const std::string whole = sum->explain(2, 0).name.english();
                const std::string part = walk.explain(sum->explain(1, 0).terms[0].factors[0].from).name.english();
                QCOMPARE(whole, std::string(pre ? "\u2202z_{0}" : "\u2202x_{0}"));
                QVERIFY2(part != whole, (name + ": " + stage.id).c_str());
                QCOMPARE(stage.symbol.english() == "\u2202u" || stage.symbol == sum->rowLabels.back(), true);
            }
        }
    }

    void everyOperandIsFoundWhereItsLinkLeads() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const Question q = questionOf(s, static_cast<int>(b), 0, 4, 2);
                checkLinks(name, s, q, walkOf(s, q));
                if (QTest::currentTestFailed()) return;
            }
        }
    }

    void theTwinAgreesWithEveryTraceInAllForms() {
        for (const auto& [name, config] : walkedForms()) {
            const Subject s = subjectOf(config);
            for (const auto& [tensor, theirs] : *s.twin) {
                const Tensor* ours = s.trace->find(tensor);
                if (!ours && tensor.starts_with("gradient.")) continue;  // not every intermediate's gradient is recorded
                QVERIFY2(ours, (name + " " + tensor).c_str());
                QCOMPARE(ours->shape, theirs.shape);
                double largest = 0.0;
                for (const double x : theirs.values)
                    if (std::isfinite(x)) largest = std::max(largest, std::abs(x));
                for (std::size_t i = 0; i < theirs.values.size(); ++i) {
                    const auto value = static_cast<double>(ours->values[i]);
                    QVERIFY2(value == theirs.values[i] || std::abs(value - theirs.values[i]) <= 1e-4 * largest + 1e-6,
                             (name + " " + tensor).c_str());
                }
            }
        }
    }

    void theSelfCheckAgreesInEveryStageAndFindsAnError() {
        for (const auto& [name, config] : walkedForms()) {
            const Subject s = subjectOf(config);
            const Question q = questionOf(s, 0, 0, 2, 3);
            const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
            QCOMPARE(walk.stages.size(), twin.stages.size());
            for (std::size_t i = 0; i < walk.stages.size(); ++i) {
                const Check check = checkStage(walk.stages[i], twin.stages[i]);
                QVERIFY2(check.agrees, (name + " " + walk.stages[i].id + " " + check.worst.grid + " " + std::to_string(check.worst.row) +
                                        "," + std::to_string(check.worst.column) + " " + checkText(check).english())
                                           .c_str());
            }
        }
        const Subject s = subjectOf(smallConfig());
        const Question q = questionOf(s, 0, 0, 2, 3);
        Walk walk = walkOf(s, q);
        const Walk twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
        auto mix = std::ranges::find(walk.stages, "mix", &Stage::id);
        mix->grids.back().master[1] += 0.01;
        const Check check = checkStage(*mix, *twin.find("mix"));
        QVERIFY(!check.agrees);
        QCOMPARE(check.worst, (CellRef{"mix", "mix", 1, masterColumn}));
    }

    void theMainNumbersAreThoseOfTheTrace() {
        for (const auto& [name, config] : walkedForms()) {
            const Subject s = subjectOf(config);
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const AttentionBlock& block = s.model->attentionBlocks()[b];
                const int h = block.heads - 1, i = 3, j = 2, group = h / (block.heads / block.kvHeads);
                const Walk walk = walkOf(s, questionOf(s, static_cast<int>(b), h, i, j));
                const std::string kind = block.name + "." + kindOf(config, block, i);
                const auto at = [&](const std::string& tensor, int head, int row, int column) {
                    const Tensor& t = s.trace->at(tensor);
                    if (t.shape.size() == 2) return static_cast<double>(t.values[static_cast<std::size_t>(row * t.extent(1) + column)]);
                    return static_cast<double>(t.values[static_cast<std::size_t>((head * t.extent(1) + row) * t.extent(2) + column)]);
                };
                const int keys = static_cast<int>(s.trace->at(block.name + ".weights").extent(2));
                const Stage* mix = walk.find("mix");
                for (int k = 0; k < keys; ++k) QCOMPARE(mix->find("weights")->at(0, k), at(block.name + ".weights", h, i, k));
                const Stage* norm = walk.find("head_norm");
                const bool fades = specOf(config.attention.kernel.kind).decays();
                QCOMPARE(norm != nullptr, fades);
                for (int p = 0; p < config.headDim(); ++p) {
                    const std::string sum = fades ? ".unnormalised_head_output" : ".head_output";
                    QCOMPARE(mix->find("mix")->at(p, masterColumn), at(block.name + sum, h, i, p));
                    if (norm) QCOMPARE(norm->find("norm")->at(1, p), at(block.name + ".head_output", h, i, p));
                    QCOMPARE(mix->find("mix")->at(p, j), at(kind + "value", group, j, p));
                    const auto back = [&](const char* stage, const char* ofFeatures) {
                        const Grid* rows = walk.find(stage)->find(ofFeatures);  // random features stand between
                        return rows ? rows->at(rows->rows - 1, p) : walk.find(stage)->find("sum")->at(p, masterColumn);
                    };
                    QCOMPARE(back("d_query", "query"), at("gradient." + kind + "query", h, i, p));
                    QCOMPARE(back("d_key", "key"), at("gradient." + kind + "key", group, j, p));
                    QCOMPARE(walk.find("d_value")->find("sum")->at(p, masterColumn), at("gradient." + kind + "value", group, j, p));
                }
                for (int m = 0; m < config.d_model; ++m)
                    QCOMPARE(walk.find("output")->find("output")->at(m, masterColumn), at(block.name + ".output", 0, i, m));
                const bool ofEncoder = config.architecture == Architecture::encoder_decoder && block.side == "encoder";
                const int answer = ofEncoder ? std::min<int>(i, static_cast<int>(s.trace->at("logits").extent(0)) - 1) : i;
                for (int m = 0; m < *config.num_classes; ++m)
                    QCOMPARE(walk.find("logits")->find("logits")->at(m, masterColumn), at("logits", 0, answer, m));
                QCOMPARE(walk.find("loss")->find("loss")->at(config.answersNumbers() ? 0 : 1, masterColumn),
                         static_cast<double>(s.trace->at("loss").values[0]));
            }
        }
    }

    void theWayBackIsTheTrainersGradientOfThatSequence() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const Batch batch = makeBatch({{s.input.tokens, s.input.targetTokens, s.input.targets, s.input.vectors, s.input.values}});
            const Weights transposed = s.model->transposedCopy(*s.weights);
            Weights gradient(s.model->layout().flatSize());
            Scratch scratch;
            Pass<float> pass{kernels<float>(), s.weights->data(), transposed.data(), gradient.data(), scratch};
            const auto counted = std::ranges::count_if(s.input.targets, [](int t) { return t >= 0; });
            s.model->network().train(pass, viewOf(batch, 0, 1), 1.0F / static_cast<float>(counted));
            const Walk& walk = knownWalk(name, s, 1, 1);
            const auto agrees = [&, form = name](const Grid& shown, const std::string& parameter) {
                const Parameter* p = s.model->layout().find(parameter);
                QVERIFY2(p, parameter.c_str());
                const float* theirs = lab::at(gradient, *p);
                double largest = 0.0;
                for (std::size_t i = 0; i < p->size; ++i) largest = std::max(largest, std::abs(static_cast<double>(theirs[i])));
                for (int row = 0; row < shown.rows; ++row)
                    for (int column = 0; column < shown.columns; ++column)
                        QVERIFY2(std::abs(shown.at(row, column) - static_cast<double>(theirs[row * shown.columns + column])) <=
                                     1e-4 * largest + 1e-7,
                                 (form + " " + parameter).c_str());
            };
            const std::string block = s.model->attentionBlocks()[0].name, side = s.model->attentionBlocks()[0].side;
            const std::string ffn = "0." + feedForwardOf(s, side + ".0.", 1);
            const std::string own = "." + kindOf(config, s.model->attentionBlocks()[0], 1) + "query.weight";
            agrees(*walk.find("d_matrix")->find("matrix"), block + (s.model->layout().find(block + own) ? own : ".key.weight"));
            QCOMPARE(walk.find("d_ffn_down_matrix") != nullptr, config.hasFeedForward());
            if (!config.hasFeedForward()) continue;
            agrees(*walk.find("d_ffn_down_matrix")->find("matrix"), side + "." + ffn + ".down.weight");
            agrees(*walk.find("d_ffn_up_matrix")->find("up"), side + "." + ffn + ".up.weight");
            if (config.feed_forward.activation == Activation::swiglu)
                agrees(*walk.find("d_ffn_up_matrix")->find("gate"), side + "." + ffn + ".gate.weight");
            if (QTest::currentTestFailed()) return;
        }
    }

    void keyFormsShowSymmetricProductsAndUnsymmetricWeights() {
        const Subject s = subjectOf(allForms()[1].config);
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
        const Grid& products = *walk.find("dot")->find("dot");
        const Grid& mirrored = *walk.find("dot")->find("mirror");
        const Stage& weights = *walk.find("weights");
        double apart = 0.0;
        for (int j = 0; j < products.columns; ++j) {
            QVERIFY(std::abs(products.at(0, j) - mirrored.at(0, j)) < 1e-9);
            apart = std::max(apart, std::abs(weights.find("weights")->at(0, j) - weights.find("mirror")->at(0, j)));
        }
        QVERIFY(apart > 0.01);
    }

    void sharedKeysAreDrawnForGroupedHeadsOnly() {
        const Subject grouped = subjectOf(llamaLike());
        const Walk walk = walkOf(grouped, questionOf(grouped, 0, 3, 2, 1));
        QVERIFY(walk.find("project")->sharing);
        QCOMPARE(walk.find("project")->sharing->group(3), 1);
        const Subject plain = subjectOf(smallConfig());
        QVERIFY(!walkOf(plain, questionOf(plain, 0, 0, 0, 0)).find("project")->sharing);
    }

    void theMaskOfAllQueriesIsThatOfTheTrace() {
        const Subject s = subjectOf(llamaLike());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
        const Grid& seen = *walk.find("mask")->find("seen");
        for (int i = 0; i < seen.rows; ++i)
            for (int j = 0; j < seen.columns; ++j) QCOMPARE(std::isinf(seen.at(i, j)), j > i);
        QVERIFY(seen.explain(1, 3).note.english().find("future") != std::string::npos);
    }

    void paddingHidesAKeyAndSaysSo() {
        const Subject s = subjectOf(smallConfig(), [](Input& input) {
            input.masked.assign(6, false);
            input.masked[4] = true;
        });
        const Walk walk = walkOf(s, questionOf(s, 0, 1, 2, 4));
        checkCells("padding", walk);
        QVERIFY(std::isinf(walk.find("mask")->find("masked")->at(0, 4)));
        QCOMPARE(walk.find("mix")->find("weights")->at(0, 4), 0.0);
        QVERIFY(walk.explain({"mask", "mask", 0, 4}).note.english().find("padding") != std::string::npos);
    }

    void numbersSetByHandAreSaidToBe() {
        const ModelConfig config = smallConfig();
        const auto edit = [](Input& input) {
            std::vector<float> values(static_cast<std::size_t>(2 * 6 * 6));
            for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.1F * static_cast<float>(i % 7) - 0.2F;
            input.interventions.push_back({Intervention::Kind::replace, "encoder.0.attention.query", 0, values});
        };
        const Subject s = subjectOf(config, edit);
        const Question q = questionOf(s, 0, 1, 2, 3);
        const Walk walk = walkOf(s, q);
        checkCells("by hand", walk);
        QCOMPARE(walk.explain({"project", "q", 0, masterColumn}).note.english(), std::string("set by hand"));
        const Walk twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
        for (std::size_t i = 0; i < walk.stages.size(); ++i) QVERIFY(checkStage(walk.stages[i], twin.stages[i]).agrees);
        const Subject rows = subjectOf(config, [&](Input& input) {
            std::vector<float> values(static_cast<std::size_t>(6 * config.d_model), 0.5F);
            input.interventions.push_back({Intervention::Kind::replace, "embedding", 0, values});
        });
        const Stage input = *walkOf(rows, questionOf(rows, 0, 0, 2, 1)).find("input");
        QCOMPARE(input.formula.english(), std::string("x_{2} as set by hand"));  // no token and position any more
        QVERIFY(!input.find("parts"));
    }

    /// Tensors that only these forms have.
    void whatIsSetByHandOfKeysOfLengthOneAndOfGlobalProjectionsSendsNothingBack() {
        int edited = 0;
        for (const auto& forms : {unitKeyForms(), globalProjectionForms()})
            for (const auto& [name, config] : forms) {
                const Subject plain = subjectOf(config);
                for (const AttentionBlock& block : plain.model->attentionBlocks())
                    for (const char* part : {".undivided_key", ".key", ".global_query", ".global_key", ".global_value"}) {
                        const Tensor* tensor = plain.trace->find(block.name + part);
                        if (!tensor || block.cross) continue;
                        ++edited;
                        const Subject s = subjectOf(config, [&](Input& input) {
                            input.interventions.push_back({Intervention::Kind::replace, block.name + part, 0, tensor->values});
                        });
                        for (const int query : {1, 4}) {
                            const Question q = questionOf(s, 0, 1, query, 2);
                            const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
                            checkCells(name + block.name + part, walk);
                            if (QTest::currentTestFailed()) return;
                            for (std::size_t i = 0; i < walk.stages.size(); ++i)
                                QVERIFY2(checkStage(walk.stages[i], twin.stages[i]).agrees,
                                         (name + " " + block.name + part + ": " + walk.stages[i].id).c_str());
                        }
                    }
            }
        QVERIFY(edited > 30);
    }

    void everyKeyHasLengthOneAndNothingComesBackAlongIt() {
        for (const auto& [name, config] : unitKeyForms()) {
            const Subject s = subjectOf(config);
            const Walk walk = walkOf(s, questionOf(s, 0, 1, 3, 2));
            const Grid &divide = *walk.find("divide")->find("k"), &back = *walk.find("d_divide")->find("k");
            double length = 0.0, along = 0.0;
            for (int p = 0; p < divide.columns; ++p) {
                length += divide.at(1, p) * divide.at(1, p);
                along += divide.at(1, p) * back.at(back.rows - 1, p);
                QVERIFY(std::abs(divide.at(1, p) * divide.at(1, masterColumn) - divide.at(0, p)) < 1e-5);
            }
            QVERIFY2(std::abs(length - 1.0) < 1e-5 && std::abs(along) < 1e-6, name.c_str());
            for (const char* stage : {"dot", "weights"})
                for (const char* grid : {"mirror"}) QVERIFY2(!walk.find(stage)->find(grid), name.c_str());
        }
    }

    /// Of one key a first query sees another key and value than the others do, and each matrix learns from its own queries alone.
    void firstQueriesAskAndReadByMatricesOfTheirOwn() {
        const Subject s = subjectOf(globalProjectionForms().front().config);
        const std::string block = s.model->attentionBlocks().front().name;
        const NumberSource numbers(s.trace);
        for (const int query : {0, 1, 2, 5}) {
            const std::string kind = query < 2 ? "global_" : "";
            const Walk walk = walkOf(s, questionOf(s, 0, 1, query, 3));
            for (const auto& [grid, row] : {std::pair{"q", query}, {"k", 3}, {"v", 3}}) {
                const std::string part = *grid == 'q' ? "query" : *grid == 'k' ? "key" : "value";
                const Parameter &w = *s.model->layout().find(block + "." + kind + part + ".weight"),
                                &b = *s.model->layout().find(block + "." + kind + part + ".bias");
                const int width = s.model->config().headDim(), d = s.model->config().d_model;
                for (int p = 0; p < width; ++p) {
                    double sum = static_cast<double>(lab::at(*s.weights, b)[width + p]);
                    for (int c = 0; c < d; ++c)
                        sum += static_cast<double>(lab::at(*s.weights, w)[(width + p) * d + c]) * numbers.at("embedding")(row, c);
                    QVERIFY2(std::abs(walk.find("project")->find(grid)->at(p, masterColumn) - sum) < 1e-5, grid);
                }
            }
            QCOMPARE(walk.find("d_matrix")->heading.english(), std::string(query < 2 ? "The gradient of W_{Qg}" : "The gradient of W_{Q}"));
            const Grid& readers = *walk.find("d_key")->find("factors");
            for (int i = 0; i < readers.columns; ++i)
                if ((i < 2) != (query < 2)) QCOMPARE(readers.at(0, i), 0.0);
            QVERIFY(walk.find("d_l1_keys") && walk.find("d_l1_global_keys"));
        }
    }

    void everySubscriptIsMarkedAsOne() {
        const auto marked = [](const std::string& text) {
            for (std::size_t i = 0; i < text.size(); ++i)
                if ((text[i] == '_' || text[i] == '^') && text.substr(i + 1, 1) != "{") return false;
            return true;
        };
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block)
                for (const Stage& stage : walkOf(s, questionOf(s, block, 0, 2, 1)).stages) {
                    for (const Words& text : {stage.symbol, stage.caption, stage.heading, stage.formula, stage.text})
                        QVERIFY2(marked(text.english()), (name + ": " + text.english()).c_str());
                    for (const Words& note : stage.notes) QVERIFY2(marked(note.english()), (name + ": " + note.english()).c_str());
                }
        }
    }

    void formulasHaveABiasOnlyWhereTheModelHasOne() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const auto& blocks = s.model->attentionBlocks();
            for (int block = 0; block < static_cast<int>(blocks.size()); ++block) {
                const AttentionBlock& b = blocks[static_cast<std::size_t>(block)];
                const std::string layer = b.side + "." + std::to_string(b.layer) + "." + feedForwardOf(s, b.side + ".0.", 2) + ".";
                const Walk walk = walkOf(s, questionOf(s, block, 0, 2, 1));
                for (const auto& [stage, parameter] :
                     std::vector<std::pair<std::string, std::string>>{{"project", keyBias(s, b)},
                                                                      {"output", b.name + ".output.bias"},
                                                                      {"ffn_up", layer + "up.bias"},
                                                                      {"ffn_down", layer + "down.bias"},
                                                                      {"logits", "output.projection.bias"}}) {
                    const bool has = s.model->layout().find(parameter) != nullptr;
                    QVERIFY2(walk.find(stage) || (stage.starts_with("ffn") && !config.hasFeedForward()), name.c_str());
                    if (!walk.find(stage)) continue;
                    const std::string formula = walk.find(stage)->formula.english();
                    QVERIFY2((formula.find("+ b") != std::string::npos) == has, (name + ": " + formula).c_str());
                }
                const bool said = walk.find("project")->text.english().find("bias") != std::string::npos;
                QVERIFY2(said == (s.model->layout().find(keyBias(s, b)) != nullptr), name.c_str());
            }
        }
    }

    void scoresOfOneNameHaveOneValue() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const Walk& walk = knownWalk(name, s, 2, 1);
            std::map<std::string, double> seen;
            for (const auto& [stage, band] : {std::pair{"dot", "dot"}, {"scale", "scaled"}, {"position", "score"}, {"mask", "masked"}}) {
                const Stage* found = walk.find(stage);
                const Grid* grid = found ? found->find(band) : nullptr;
                for (int j = 0; grid && j < grid->columns; ++j) {
                    const Expression e = grid->explain(0, j);
                    if (std::isinf(e.result)) continue;
                    const auto [at, first] = seen.emplace(e.name.english(), e.result);
                    QVERIFY2(first || std::abs(at->second - e.result) < 1e-5, (name + ": " + e.name.english()).c_str());
                }
            }
        }
    }

    void numbersThatMeetHaveNames() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            for (const Stage& stage : knownWalk(name, s, 2, 1).stages) {
                for (const Grid& grid : stage.grids)
                    for (int r = 0; r < grid.rows; ++r)
                        for (const int c : {0, masterColumn}) {
                            if (grid.columns == 0 || std::isnan(grid.at(r, c))) continue;
                            const Expression e = grid.explain(r, c);
                            for (const Term& term : e.terms)
                                for (const Operand& operand : term.factors) {
                                    QVERIFY2(!operand.name.empty() || (e.terms.size() == 1 && term.factors.size() == 1),
                                             (name + ": " + stage.id + ", " + grid.id + ", " + e.name.english()).c_str());
                                    QVERIFY2(operand.name != e.name || operand.value == e.result,
                                             (name + ": " + stage.id + ", " + e.name.english() + " of itself").c_str());
                                }
                        }
            }
        }
    }

    void groupedHeadsHaveNoKeysOfTheirOwn() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const AttentionBlock& block = s.model->attentionBlocks().front();
            if (block.heads == 1) continue;
            const std::string text = knownWalk(name, s, 2, 1).find("heads")->text.english();
            QCOMPARE(text.find("of its group") != std::string::npos, block.kvHeads < block.heads);
            const bool ownQuery = specOf(config.attention.form).ownQuery;
            QVERIFY2((text.find(" q") != std::string::npos) == (ownQuery || block.kvHeads < block.heads), (name + ": " + text).c_str());
        }
    }

    void aNegativeFactorOfThePositionMapIsSaidToTurnTheOrderRound() {
        Subject s = subjectOf(changed("kv+pos", [](ModelConfig& c) { c.attention.form = AttentionForm::kv_pos; }).config);
        for (int turn = 0; turn < 2; ++turn) {
            const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
            const Stage& position = *walk.find("position");
            const bool negative = position.find("map")->at(0, masterColumn) < 0.0;
            const auto says = [](const Stage& stage, const std::string& what) {
                return std::ranges::any_of(stage.notes, [&](const Words& note) { return note.english().find(what) != std::string::npos; });
            };
            QCOMPARE(says(position, "as far as s_{ij} decides, the order is turned round"), negative);
            QCOMPARE(says(*walk.find("d_query"), "the other way round"), negative);
            Weights turned = *s.weights;
            const Parameter& map = *s.model->layout().find("encoder.0.attention.position_map.weight");
            for (std::size_t i = 0; i < map.size; ++i) lab::at(turned, map)[i] *= -1.0F;
            s.weights = std::make_shared<const Weights>(std::move(turned));
            TraceRequest request;
            request.gradients = true;
            s.trace = std::make_shared<const Trace>(s.model->trace(*s.weights, s.input, request));
        }
    }

    void theLinearKernelsProductsAreOfPhi() {
        const Subject s = subjectOf(changed("linear", [](ModelConfig& c) { c.attention.kernel.kind = KernelKind::linear; }).config);
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 2, 1));
        for (const char* stage : {"d_query", "d_key"})
            QVERIFY(walk.find(stage)->formula.english().find("\u03C6\u2032(") != std::string::npos);
        for (const Term& term : walk.find("dot")->find("dot")->explain(0, 1).terms)
            for (const Operand& operand : term.factors)
                QVERIFY2(operand.name.english().starts_with("\u03C6("), operand.name.english().c_str());
    }

    void aVectorsRowIsMadeOfItsNumbers() {
        const Subject s = subjectOf(withClassToken());
        const Stage vector = *walkOf(s, questionOf(s, 0, 0, 2, 0)).find("input");
        const Grid& given = *vector.find("embed_in");
        QCOMPARE(given.columns, 3);
        for (int u = 0; u < given.columns; ++u)
            QCOMPARE(given.at(0, u), static_cast<double>(s.input.vectors[static_cast<std::size_t>(6 + u)]));
        QCOMPARE(vector.find("embed")->explain(1, masterColumn).terms.size(), std::size_t{3});
        QVERIFY(vector.formula.english().find("W_{in} \u03BE_{2}") != std::string::npos);
        const Stage ofClass = *walkOf(s, questionOf(s, 0, 0, 0, 2)).find("input");
        QVERIFY(!ofClass.find("embed"));
        QVERIFY(ofClass.formula.english().find("E_{class}") != std::string::npos);
        const Parameter& row = *s.model->layout().find("class_embedding.weight");
        for (int c = 0; c < 12; ++c) QCOMPARE(ofClass.find("parts")->at(0, c), static_cast<double>(lab::at(*s.weights, row)[c]));
    }

    void numbersAreAnsweredWithoutASoftmax() {
        const Subject s = subjectOf(ofNumbers());
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 5, 2));
        QVERIFY(!walk.find("probabilities"));
        const Grid &rows = *walk.find("loss")->find("rows"), &back = *walk.find("d_logits")->find("rows");
        double loss = 0.0;
        for (int r = 0; r < 2; ++r) {
            const double answer = static_cast<double>(s.trace->at("logits").values[static_cast<std::size_t>(10 + r)]);
            const double goal = static_cast<double>(s.input.values[static_cast<std::size_t>(10 + r)]);
            QVERIFY(std::abs(rows.at(2, r) - (answer - goal)) < 1e-9);
            QVERIFY(std::abs(back.at(2, r) - (answer - goal) / 2.0) < 1e-6);
            loss += (answer - goal) * (answer - goal) / 4.0;
        }
        QVERIFY(std::abs(walk.find("loss")->find("loss")->at(0, masterColumn) - loss) < 1e-6);
        // At a position that is not asked there is nothing to miss, and nothing comes back from it.
        const Walk unasked = walkOf(s, questionOf(s, 0, 0, 3, 2));
        QVERIFY(std::isnan(unasked.find("loss")->find("rows")->at(1, 0)));
        QCOMPARE(unasked.find("d_logits")->find("rows")->at(2, 0), 0.0);
        QVERIFY(unasked.find("logits")->notes.front().english().find("position 5 alone") != std::string::npos);
        const std::vector<BlockPart> parts = blockParts(walk);
        QCOMPARE(std::ranges::count(parts, "logits", &BlockPart::id), 1);
        QCOMPARE(parts.back().name.english(), std::string("answer and loss"));
    }

    void productsAreTheWeightsThemselves() {
        const Subject s = subjectOf(changed("product", [](ModelConfig& c) {
                                        c.attention.kernel.kind = KernelKind::product;
                                        c.architecture = Architecture::decoder;
                                    }).config);
        const Walk walk = walkOf(s, questionOf(s, 0, 1, 3, 1));
        for (const char* stage : {"scale", "position", "max", "exp", "sum"}) QVERIFY2(!walk.find(stage), stage);
        const Grid &products = *walk.find("dot")->find("dot"), &weights = *walk.find("weights")->find("weights");
        bool negative = false;
        for (int j = 0; j < weights.columns; ++j) {
            QVERIFY(std::abs(weights.at(0, j) - (j > 3 ? 0.0 : products.at(0, j))) < 1e-6);
            negative = negative || weights.at(0, j) < 0.0;
        }
        QVERIFY(negative);
        QVERIFY(walk.find("weights")->text.english().find("may be negative") != std::string::npos);
        const Stage& back = *walk.find("d_softmax");
        for (int j = 0; j < weights.columns; ++j)
            QVERIFY(std::abs(back.find("ds")->at(0, j) - (j > 3 ? 0.0 : walk.find("d_weights")->find("da")->at(0, j))) < 1e-6);
    }

    void allButDifferentialAttentionIsWalked() {
        for (const auto& forms : {kernelForms(), allForms()})
            for (const NamedConfig& form : forms)
                QVERIFY2(whyNoWalk(form.config).empty() != form.config.attention.differential, form.name.c_str());
    }

    void theResidualSumNamesItsPartAndWhatThatReads() {
        for (const bool pre : {false, true}) {
            ModelConfig config = smallConfig();
            config.architecture = Architecture::encoder_decoder;
            config.num_decoder_layers = 1;
            if (pre) config.norm.placement = NormPlacement::pre;
            const Subject s = subjectOf(config);
            const auto& blocks = s.model->attentionBlocks();
            for (int block = 0; block < static_cast<int>(blocks.size()); ++block) {
                const Walk walk = walkOf(s, questionOf(s, block, 0, 2, 1));
                const std::string formula = walk.find("residual")->formula.english();
                QCOMPARE(formula.find("cross-attention(x, m)") != std::string::npos, blocks[static_cast<std::size_t>(block)].cross);
                QCOMPARE(formula.starts_with(pre ? "z\u2032 = z + " : "z = x + "), true);
                QCOMPARE(formula.find("x = norm(z)") != std::string::npos, pre);
            }
        }
    }

    void whatABlockReadsIsNamedAfterWhatWroteItLast() {
        for (const bool pre : {false, true}) {
            ModelConfig config = smallConfig();
            config.architecture = Architecture::encoder_decoder;
            config.num_decoder_layers = 2;
            if (pre) config.norm.placement = NormPlacement::pre;
            const Subject s = subjectOf(config);
            const auto& blocks = s.model->attentionBlocks();
            for (int block = 0; block < static_cast<int>(blocks.size()); ++block) {
                const Walk walk = walkOf(s, questionOf(s, block, 0, 2, 1));
                std::string titles;
                for (const Grid& grid : walk.find("input")->grids) titles += grid.title.english() + "\n";
                const AttentionBlock& b = blocks[static_cast<std::size_t>(block)];
                QCOMPARE(titles.find("this layer's self-attention left") != std::string::npos, b.cross);
                QCOMPARE(titles.find("layer 0 left") != std::string::npos, b.layer == 1 && !b.cross);
            }
        }
    }

    void preNormWalksBeginWithTheTokenToo() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const Walk& walk = knownWalk(name, s, 2, 1);
            const Grid* parts = walk.find("input")->find("parts");
            QVERIFY2(parts, name.c_str());
            QCOMPARE(parts->rowLabels.front().english(), std::string(config.readsVectors() ? "E_{in}" : "E_{token}"));
            if (config.norm.placement != NormPlacement::pre || !specOf(config.norm.kind).normalises) continue;
            const Grid* norm = walk.find("input")->find("norm");
            const Expression z = norm->explain(0, 3);
            const std::string from = z.terms.front().factors.front().from.grid;
            const bool mapped = config.embedding_dim.value_or(config.d_model) != config.d_model;
            QVERIFY2(from == (mapped ? "map" : config.embedding_norm ? "behind" : "parts"), name.c_str());
        }
    }

    void examplesWithoutSoftmaxClaimNoShares() {
        for (const Example& e : examples()) {
            const Stage* weights = nullptr;
            const Walk walk = exampleWalk(e, 0, 0);
            weights = walk.find("weights");
            QCOMPARE(weights != nullptr, e.kind != Example::Kind::bends);
            if (!weights) continue;
            QCOMPARE(weights->formula.english().find("e_{ij}") != std::string::npos, e.kind == Example::Kind::attention);
            if (e.kind == Example::Kind::gram) QVERIFY(weights->text.english().find("need not add up to 1") != std::string::npos);
        }
    }

    /// The weights of a step are its stack's: what they get is the sum of what each step adds, of which each is opened in its own walk.
    void tiedStepsAddUpToWhatTheirWeightsGet() {
        for (const auto& [name, config] : tiedForms()) {
            const Subject s = subjectOf(config);
            QVERIFY(!whyNoCode(config).empty());
            for (std::size_t b = 0; b < s.model->attentionBlocks().size(); ++b) {
                const AttentionBlock& block = s.model->attentionBlocks()[b];
                const Walk walk = walkOf(s, questionOf(s, static_cast<int>(b), 0, 3, 1));
                const std::vector<Words>& notes = walk.find("project")->notes;
                const auto saysSo = [](const Words& note) { return note.english().find("these same matrices") != std::string::npos; };
                QCOMPARE(std::ranges::any_of(notes, saysSo), true);
                const int steps = block.side == "decoder" && config.architecture == Architecture::encoder_decoder
                                      ? *config.num_decoder_layers
                                      : config.num_layers;
                const Stage& stage = *walk.find("d_matrix");
                const Grid &sum = *stage.find("matrix"), &part = *stage.find("part");
                const std::string own = block.side + ".0." + (block.cross ? "cross_attention" : "attention");
                const Tensor& whole =
                    s.trace->at("gradient." + own + (s.model->layout().find(own + ".query.weight") ? ".query.weight" : ".key.weight"));
                for (int row = 0; row < sum.rows; ++row)
                    for (int column = 0; column < sum.columns; ++column) {
                        QCOMPARE(sum.at(row, column),
                                 static_cast<double>(whole.values[static_cast<std::size_t>(row * sum.columns + column)]));
                        const Expression e = sum.explain(row, column);
                        QCOMPARE(static_cast<int>(e.terms.size()), steps);
                        const Operand& here = e.terms[static_cast<std::size_t>(block.layer)].factors.front();
                        QCOMPARE(here.value, part.at(row, column));
                        QCOMPARE(here.from, (CellRef{"d_matrix", "part", row, column}));
                    }
                double others = 0.0;
                for (const Term& term : sum.explain(0, 0).terms) others += std::abs(term.value());
                QVERIFY2(others > std::abs(part.at(0, 0)), name.c_str());
            }
        }
    }

    /// A layer that reads another's keys and values has them as they are there, and makes its queries alone.
    void layersThatReadOthersKeysAreOpenedOnTheWayForward() {
        int opened = 0;
        for (const auto& [name, config] : sharedKeyForms()) {
            QVERIFY2(!whyNoWayBack(config).empty() && !whyNoCode(config).empty(), name.c_str());
            if (!whyNoWalk(config).empty()) continue;
            ++opened;
            const Subject s = subjectOf(config);
            const auto& blocks = s.model->attentionBlocks();
            for (std::size_t b = 0; b < blocks.size(); ++b) {
                const Question q = questionOf(s, static_cast<int>(b), 0, 3, 1);
                const Walk walk = walkOf(s, q), twin = buildWalk(s.model, s.weights, NumberSource(s.twin), q);
                QVERIFY2(!walk.hasBackward && !walk.whyNoBackward.empty(), name.c_str());
                checkCells(name, walk);
                if (QTest::currentTestFailed()) return;
                QCOMPARE(twin.stages.size(), walk.stages.size());
                for (std::size_t i = 0; i < walk.stages.size(); ++i)
                    QVERIFY2(checkStage(walk.stages[i], twin.stages[i]).agrees, (name + " " + walk.stages[i].id).c_str());
                const bool reads = blocks[b].keyOwner != blocks[b].name;
                const Stage& project = *walk.find("project");
                const std::string from = "of layer " + std::to_string(blocks[b].layer - blocks[b].layer % config.attention.share_kv);
                QCOMPARE(project.formula.english().find(from) != std::string::npos, reads);
                QCOMPARE(project.find("k")->master.empty(), reads);  // given, not made by a matrix
                for (const char* turned : {"normalise", "rotate"})
                    if (const Stage* stage = walk.find(turned)) QCOMPARE(stage->find("k") == nullptr, reads);
            }
        }
        QVERIFY(opened >= 8);
    }

    void withoutTargetsThereIsNoWayBackAndTheWalkSaysWhy() {
        Subject s = subjectOf(smallConfig());
        s.input.targets.clear();
        s.trace = std::make_shared<const Trace>(s.model->trace(*s.weights, s.input));
        const Walk walk = walkOf(s, questionOf(s, 0, 0, 0, 0));
        QVERIFY(!walk.hasBackward);
        QVERIFY(!walk.whyNoBackward.empty());
        QVERIFY(!walk.find("loss"));
    }

    void theMarkdownHasEveryStageWithItsNumbers() {
        for (const auto& [name, config] : formsOfNumbers()) {
            const Subject s = subjectOf(config);
            const Walk& walk = knownWalk(name, s, 2, 1);
            const QString text = QString::fromStdString(markdown(walk, {name, "head 0", "2 3"}));
            QVERIFY(!text.contains("Shown: "));  // nothing is left out of maps as small as these
            int number = 0;
            for (const Stage& stage : walk.stages)
                QVERIFY2(
                    text.contains(QString("\n## %1. %2\n").arg(++number).arg(QString::fromStdString(plainText(stage.heading.english())))),
                    stage.id.c_str());
            const Tensor& weights = s.trace->at(s.model->attentionBlocks()[0].name + ".weights");
            QString row = "| weight |";
            for (std::int64_t j = 0; j < weights.extent(2); ++j) {
                const auto weight = static_cast<double>(weights.values[static_cast<std::size_t>(2 * weights.extent(2) + j)]);
                row += (weight < 0.0 ? QStringLiteral(" \u2212") : QStringLiteral(" ")) + QString::number(std::abs(weight), 'g', 5) + " |";
            }
            QVERIFY2(text.contains(row), qPrintable(row));
        }
    }

    void aSubscriptTakesAnotherIndex() {
        QCOMPARE(QString::fromStdString(named("q", "2")), QString("q_{2}"));
        QCOMPARE(QString::fromStdString(named("W_{K}", "2")), QString("W_{K 2}"));
        QCOMPARE(QString::fromStdString(named("W_{K}x", "2")), QString("W_{K}x_{2}"));
    }

    void termsBelowZeroAreTakenAway() {
        Expression sum;
        sum.operation = Operation::sum;
        for (const double value : {-0.5, 0.25, -0.125}) {
            Term term;
            Operand operand;
            operand.value = value;
            term.factors = {operand};
            sum.terms.push_back(term);
        }
        sum.result = -0.375;
        QCOMPARE(QString::fromStdString(expressionText(sum, 6).left.english()), QString::fromUtf8("\u22120.500 + 0.250 \u2212 0.125"));
    }

    void examplesGiveTheNumbersOnePencilGives() {
        const Walk three = exampleWalk(examples()[1], 0, 1);
        QCOMPARE(three.find("dot")->find("dot")->values, (std::vector<double>{1, 1, 1}));
        QCOMPARE(three.find("mix")->find("mix")->at(0, masterColumn), 1.0);
        const Walk weights = exampleWalk(examples()[2], 0, 0);
        QVERIFY(std::abs(weights.find("mix")->find("mix")->at(0, masterColumn) - 1.8) < 1e-12);
        QVERIFY(std::abs(weights.find("mix")->find("mix")->at(1, masterColumn) - 2.8) < 1e-12);
        for (const Example& example : examples()) checkCells(example.id, exampleWalk(example, 0, std::min(1, example.count() - 1)));
        const Walk it = exampleWalk(examples().back(), 7, 4);
        QVERIFY(it.find("mix")->find("weights")->at(0, 4) > 0.9);  // "it" looks at the bone, and at nothing else much
        QVERIFY(planeOf(*exampleWalk(examples()[3], 0, 0).find("mix")).shortened > 0.9);
    }

    const Example& exampleCalled(const std::string& id) { return *std::ranges::find(examples(), id, &Example::id); }

    /// The numbers of SPEC.md 10b.5 and 8.
    void examplesGiveTheNumbersOfTheBook() {
        const Walk scores = exampleWalk(exampleCalled("scores"), 0, 1);
        const std::vector<double> wanted{.192, .212, .202, .198, .196};
        for (int j = 0; j < 5; ++j)
            QVERIFY(std::abs(scores.find("weights")->find("weights")->at(0, j) - wanted[static_cast<std::size_t>(j)]) < 5e-4);
        // As SPEC.md has it, exp of the scores themselves; the stage subtracts the largest first.
        QVERIFY(std::abs(scores.find("sum")->find("exp")->at(0, masterColumn) * std::exp(0.1) - 5.207) < 5e-4);
        const Walk cosine = exampleWalk(exampleCalled("cosine"), 0, 1);
        const Stage& dot = *cosine.find("dot");
        QCOMPARE(dot.find("dot")->at(0, 1), 10.0);
        QCOMPARE(dot.find("dot")->at(0, 2), 9.0);
        QVERIFY(std::abs(dot.find("cosine")->at(3, 1) - 0.196) < 5e-4);
        QVERIFY(std::abs(dot.find("cosine")->at(3, 2) - 1.0) < 1e-12);
        const Walk keys = exampleWalk(exampleCalled("opposite-keys"), 0, 0);
        const Grid& weights = *keys.find("weights")->find("weights");
        QVERIFY(weights.at(0, 0) > weights.at(0, 1) && weights.at(0, 1) > weights.at(0, 2));
    }

    void bendsAreOfTheNumbersGiven() {
        Example example = exampleCalled("bends");
        example.v = {-2, -1, 0, 1, 2, 3, 4};
        const Walk walk = exampleWalk(example, 0, 0);
        QCOMPARE(walk.stages.size(), 1U);
        const Grid& of = *walk.find("bends")->find("bends");
        QCOMPARE(of.at(0, 0), 0.0);
        QCOMPARE(of.at(0, 5), 3.0);
        QVERIFY(std::abs(of.at(1, 3) - 0.8413447) < 1e-6);  // Phi(1)
        QVERIFY(std::abs(of.at(2, 3) - 0.8411920) < 1e-6);
        QVERIFY(std::abs(of.at(3, 3) - 0.7310586) < 1e-6);
    }

    /// Of the row's weights, and only where several share the largest.
    void tiesAreNamed() {
        const auto said = [](const Walk& walk) {
            for (const Words& note : walk.find("weights")->notes)
                if (note.english().starts_with("A tie")) return QString::fromStdString(note.english());
            return QString();
        };
        Example e = examples()[1];
        QCOMPARE(said(exampleWalk(e, 0, 0)), QStringLiteral("A tie for the largest weight of this row: keys 0, 1, 2 share it."));
        e.scores = {2, 5, 5, 1, 2, 3, 1, 1, 0};
        QCOMPARE(said(exampleWalk(e, 0, 0)), QStringLiteral("A tie for the largest weight of this row: keys 1, 2 share it."));
        QCOMPARE(said(exampleWalk(e, 1, 0)), QString());
        QCOMPARE(said(exampleWalk(e, 2, 0)), QStringLiteral("A tie for the largest weight of this row: keys 0, 1 share it."));
        const Subject s = subjectOf(smallConfig());
        QCOMPARE(said(walkOf(s, questionOf(s, 0, 1, 2, 3))), QString());
    }

    void valuesOpposeOnlyWhereTheyDo() {
        const auto opposed = [](const std::vector<double>& values) { return planeOf({.5, .3, .2}, values, 2).opposed; };
        QVERIFY(planeOf(*exampleWalk(examples()[3], 0, 0).find("mix")).opposed);
        QVERIFY(opposed({2, 1, -2, -1, 0, 1}));
        QVERIFY(!opposed({1, 0, 0, 1, 1, 1}));  // at right angles at the most
        QVERIFY(!opposed({1, 2, 2, 4, 3, 6}));
        QVERIFY(!opposed({0, 0, 0, 0, 0, 0}));
        QVERIFY(planeOf({.5, .5}, {1, 2, -1, -2}, 2).opposed);  // nothing is left
    }

    void theSoftmaxLabKnowsTheNumbersOfTheBook() {
        const SoftmaxLab lab = softmaxLab({2, 0, -2}, 1.0);
        QVERIFY(std::abs(lab.probabilities[0] - 0.8668) < 5e-5);
        QVERIFY(std::abs(lab.probabilities[1] - 0.1173) < 5e-5);
        QVERIFY(std::abs(lab.probabilities[2] - 0.0159) < 5e-5);
        QVERIFY(softmaxLab({2, 0, -2}, 0.01).probabilities[0] > 0.999999);
        QVERIFY(std::abs(softmaxLab({2, 0, -2}, 1e6).effectiveKeys - 3.0) < 1e-6);
    }

    void sumsSayWhatTheyLeaveOut() {
        Expression e;
        e.name = "o_{5,2}";
        e.operation = Operation::sum;
        const auto term = [](double a, double b) { return Term{{{a, "a"}, {b, "v"}}}; };
        e.terms = {term(0.7, 1), term(0.2, 3), term(0.1, 5)};
        e.result = evaluate(e);
        QCOMPARE(QString::fromStdString(expressionText(e, 3, 2).left.english()),
                 QString("o_{5,2} = 0.70 \u00B7 1.00 + 0.20 \u00B7 3.00 + 0.10 \u00B7 5.00"));
        QCOMPARE(QString::fromStdString(expressionText(e, 3, 2).result), QString("1.80"));
        for (int i = 0; i < 13; ++i) e.terms.push_back(term(0.01, -0.1));
        QVERIFY(QString::fromStdString(expressionText(e, 3, 2).left.english()).endsWith("+ [13 small terms, together \u22120.013]"));
    }

    void smallNumbersKeepTheirDigits() {
        QCOMPARE(shownNumber(-0.2034, 3), std::string("\u22120.203"));
        QCOMPARE(shownNumber(0.00034567, 3), std::string("0.000346"));
        QCOMPARE(shownNumber(3.4e-7, 1), std::string("3e\u22127"));
        QCOMPARE(shownNumber(0.0, 3), std::string("0"));
        QCOMPARE(shownNumber(264046.1, 3), std::string("2.64e5"));
        QCOMPARE(shownNumber(-1.5e12, 1), std::string("\u22121.50e12"));
        QCOMPARE(shownNumber(-std::numeric_limits<double>::infinity(), 3), std::string("\u2212\u221E"));
    }
};

QTEST_APPLESS_MAIN(WalkTest)
#include "walk_test.moc"
