#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/explain/statements/drawing.h"
#include "core/explain/walk.h"

// What people and chatbots say of attention (SPEC.md 10 and 10b): judged by the reader first, then shown with numbers.

namespace lab::explain {

/// What a judge may say, in the order of the keys 1 to 4.
enum class Verdict {
    holds,    ///< in every case that it speaks of
    fails,    ///< said of all cases, and wrong in some or all of them
    depends,  ///< it leaves out what it depends on, such as a mask or a definition
    open      ///< nobody outside can check it, or it is not known
};
constexpr int verdictCount = 4;

enum class Topic { softmax, heads, code, positions, maps, learning };
constexpr int topicCount = 6;
Words topicName(Topic topic);

/// One next-token model of three: what its training and its writing came to.
struct TrainedVariant {
    bool causal = false, positions = false;
    double loss = 0.0;               ///< in training, at the end
    double written = 0.0;            ///< share of right tokens when it writes by itself
    double chance = 0.0;             ///< of one token guessed
    std::vector<int> prompt, wrote;  ///< a text begun, and what it wrote behind that
};

/// What statements look at. Without a model: an example of their own, a small untrained one.
struct StatementScene {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Weights> weights;
    NumberSource numbers;  ///< a trace, with gradients if there are any
    Question question;
    Input other;                          ///< another input of the same lengths; none: the same tokens backwards
    std::vector<TrainedVariant> trained;  ///< when they have been
};

/// What is shown once a statement is judged.
struct Evidence {
    std::vector<std::pair<Words, Words>> numbers;  ///< what, how much
    std::vector<Drawing> drawings;
    Words whose;  ///< of which model; empty: typed numbers, or as for all statements that are live
};

/// A short program in NumPy, run beside by this program's own functions. Reads and leaves what `wrong_code.h` says.
struct Listing {
    SourceText title;
    const char* code = "";
    bool right = false;
};

struct Statement {
    std::string_view id, spec;  ///< spec: "10.a", "10b.5"
    Topic topic = Topic::softmax;
    SourceText name;          ///< in a list; gives nothing away
    SourceText claim;         ///< as it circulates
    SourceText setting = {};  ///< what it is said of; may be empty
    Verdict verdict = Verdict::fails;
    SourceText why;
    const char* place = "";  ///< where the program shows it
    Evidence (*evidence)(const StatementScene& scene) = nullptr;
    std::span<const Listing> listings = {};
    bool live = false;                                 ///< shows numbers of the model in hand
    bool (*fits)(const ModelConfig& model) = nullptr;  ///< which it is said of; null: of all. Of others its own example is shown
    bool trains = false;                               ///< scene.trained is about it
};

/// Those of all topics, topic after topic.
const std::vector<Statement>& statements();
/// Null when there is none.
const Statement* findStatement(std::string_view id);
/// What it shows of this scene, whatever that lacks.
Evidence evidenceOf(const Statement& statement, const StatementScene& scene);

namespace statement_rows {
std::span<const Statement> softmaxAndSimilarity();
std::span<const Statement> heads();
std::span<const Statement> code();
std::span<const Statement> positions();
std::span<const Statement> maps();
std::span<const Statement> learning();
}  // namespace statement_rows

}  // namespace lab::explain
