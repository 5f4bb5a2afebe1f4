#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/message.h"
#include "core/base/parameters.h"
#include "core/tasks/input_kind.h"
#include "core/tasks/loss_kind.h"
#include "core/tasks/readout.h"

// A task is one file that fills in a row and one line in task_table.cpp. Whoever needs to know something about the task that an experiment
// chose asks its row (`task.kind->answer`).

namespace lab {

struct TaskConfig;

/// How a task's sequences x of n tokens and its answers y become what a model reads (core/config/task_frame.h).
enum class Framing {
    answered,   ///< y answers x: beneath it in an encoder, behind SEP in a decoder, behind BOS in an encoder-decoder
    nextToken,  ///< x itself, whose next token a decoder predicts
    given,      ///< as the lines of a file have it; no answer is known beyond them
};

/// Where a task's sequences come from.
enum class TaskSource {
    drawn,      ///< by a seed; nothing is read
    pairs,      ///< lines of a file
    text,       ///< blocks of running text in files
    told,       ///< stories told by a seed; nothing is read
    pictures,   ///< pictures of files, or drawn by a seed
    functions,  ///< points of functions drawn by a seed; nothing is read
    glossary,   ///< made-up words and what they mean, drawn by a seed; nothing is read
    sentences,  ///< lines of a text, or those that are built in
};

/// What an answer follows from.
enum class AnswerBasis {
    unknown,
    ownPlace,  ///< the token of x at the answer's own place
    places,    ///< the tokens of x at certain places
    tokens,    ///< which tokens occur in x, wherever they stand
};

/// Gives so many symbols 0 .. vocab_size - 1, drawn uniformly and independently.
using DrawSymbols = std::function<std::vector<int>(int count)>;

/// Says of a task's key ("seq_len", "k") what is wrong with its value, and what would do.
using Refuse = std::function<void(std::string_view key, Message why)>;

/// For each answer the positions of x that it stands on; none where it is guesswork.
using AnswerKeys = std::vector<std::vector<int>>;

/// What the positions are called that an answer stands on. %1, %2 .. are the values of the task's parameters in their order.
struct SourceWords {
    SourceText title = {};  ///< of a column and a badge: "mirror"
    SourceText brief = {};  ///< behind a share of the weight: "93 % mirrored"
    SourceText place = {};  ///< "puts 93 % of its weight on the mirrored position"
    SourceText keys = {};   ///< by the number i of the answer: "key n − 1 − i, the mirrored position"
};

/// What a model must be able to read and answer to serve a task.
struct TaskNeeds {
    int vocabSize = 0;   ///< ids that occur, SEP and BOS included; of vectors: 1
    int numClasses = 0;  ///< targets that occur or may be answered; numbers an answer has
    int maxSeqLen = 0;   ///< of the longest sequence the model reads, without a class token
    int inputDim = 0;    ///< numbers of a vector; 0 for tokens
};

struct TaskSpec {
    std::string_view name;
    SourceText title;  ///< in tables: "Reverse"
    SourceText help;   ///< its rule, read behind "name: "
    std::span<const ParameterSpec> parameters = {};
    Framing framing = Framing::answered;
    TaskSource source = TaskSource::drawn;
    InputKind input = InputKind::tokens;
    LossKind loss = LossKind::cross_entropy;
    bool anyLoss = false;              ///< models may answer numbers all the same, of which nothing is asked
    Readout readout = Readout::every;  ///< unless the experiment says otherwise; `class_token` brings one

    /// What it needs of a model where nothing has to be read for that; null: of a built-in task what its framing says, else not known
    /// before its files are read.
    TaskNeeds (*needs)(const TaskConfig& task) = nullptr;

    /// y for a sequence x; -1 where nothing is asked. Null: no answer is built in. `task.seq_len` need not be x's length.
    std::vector<int> (*answer)(std::vector<int> x, const TaskConfig& task) = nullptr;
    /// How long y is for an x of n tokens, at most n; null: as long as x.
    int (*answerLength)(int n) = nullptr;
    /// x, of task.seq_len tokens; null: drawn uniformly and independently.
    std::vector<int> (*draw)(const DrawSymbols& symbols, const TaskConfig& task) = nullptr;
    bool varies = false;  ///< x has task.seq_len tokens at the most
    /// What the limits of single keys do not say; null: nothing. Called when these are kept.
    void (*check)(const TaskConfig& task, const Refuse& refuse) = nullptr;

    AnswerBasis basis = AnswerBasis::unknown;
    /// For nextToken, answers are numbered by the positions that give them. Null: not known.
    AnswerKeys (*keys)(const std::vector<int>& x, const TaskConfig& task) = nullptr;
    SourceWords inPlace = {};  ///< where the query that gives an answer stands at the answer's place in x
    SourceWords inX = {};      ///< where it stands behind or beside x; words left empty are those of inPlace

    bool isBuiltIn() const { return answer != nullptr; }
    bool readsFiles() const {
        return source == TaskSource::pairs || source == TaskSource::text || (source == TaskSource::pictures && !needs);
    }
    int lengthOfAnswer(int n) const { return answerLength ? answerLength(n) : n; }

    static std::span<const TaskSpec* const> table();
};

}  // namespace lab
