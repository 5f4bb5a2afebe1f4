#include "ui/window/own_input.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <utility>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/config/task_frame.h"
#include "core/data/task_sample.h"
#include "ui/runs/token_text.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

struct OwnInputWords {
    Q_DECLARE_TR_FUNCTIONS(OwnInput)
};

[[noreturn]] void refuse(const QString& sentence) {
    throw InputError(Message::verbatim(sentence.toStdString()));
}

/// What cannot be read as a token is refused with what can.
[[noreturn]] void refuse(const InputError& error, const QString& rule) {
    refuse(OwnInputWords::tr("%1; this run knows %2.").arg(shown(error), rule));
}

}  // namespace

OwnInput::OwnInput(const Run& run)
    : m_words(run),
      m_task(run.experiment().task),
      m_architecture(run.experiment().model.architecture),
      m_dataset(run.dataset()),
      m_model(run.experiment().model),
      m_frame(m_dataset->tokenizer()) {
    const ModelConfig& model = run.experiment().model;
    if (m_words.vectors()) m_vectors = std::make_unique<OwnVectors>(run);
    if (!m_task.kind->isBuiltIn() && twoSides()) m_ends = answerEnds(*m_dataset);
    m_vocabulary = *model.vocab_size;
    m_longest = model.isBounded() ? std::min(*model.max_seq_len, maxTraceLength) : maxTraceLength;
}

bool OwnInput::isFramed() const {
    return !m_vectors && frameOf(m_task, m_architecture).reading == Reading::joined;
}

QString OwnInput::text(int token) const {
    return tokenText(*m_dataset, token);
}

int OwnInput::tokenLength() const {
    return !m_vectors && m_task.kind->isBuiltIn() && tokenizer().symbols() <= 10 ? 1 : 0;
}

QString OwnInput::rule() const {
    return m_vectors ? m_vectors->rule() : shown(tokenizer().rule());
}

QString OwnInput::example() const {
    if (m_vectors) return m_vectors->example();
    QStringList tokens;
    for (int i = 0; i < 6; ++i) tokens << text((3 * i + 1) % std::max(tokenizer().symbols(), 1));
    return tokens.join(QLatin1Char(' '));
}

QString OwnInput::typedLine(const Input& input, QString* second) const {
    if (m_vectors) return m_vectors->typed(input);
    if (isSentence()) {
        const FramedSentences parts = canFrame() ? m_frame.taken(input.tokens) : FramedSentences{input.tokens};
        if (second) *second = QString::fromStdString(tokenizer().decode(parts.second));
        return QString::fromStdString(tokenizer().decode(parts.first));
    }
    QStringList tokens;
    for (const int token : typedPart(input)) tokens << text(token);
    return tokens.join(QLatin1Char(' '));
}

/// A tab parts two sentences, as in a file of them.
Input OwnInput::inputTyped(const QString& line, const QString& second, bool framed) const {
    if (m_vectors) return m_vectors->parse(line);
    if (!canFrame()) return inputFor(parse(line));
    FramedSentences sentences{parse(readsPairs() ? line.section(QLatin1Char('\t'), 0, 0) : line)};
    const QString other = readsPairs() && second.isEmpty() ? line.section(QLatin1Char('\t'), 1) : second;
    if (!other.trimmed().isEmpty()) sentences.second = parse(other);
    sentences.framed = framed;
    return inputFor(m_frame.put(sentences));
}

/// The text of one piece may be one of several; a blank before it stays.
Input OwnInput::withPieces(const Input& input, int index, const QString& text) const {
    const auto at = static_cast<std::size_t>(index);
    const bool blank = QString::fromStdString(tokenizer().shown(input.tokens[at])).startsWith(QChar(0x2423));
    const std::vector<int> pieces = encoded(blank && !text.startsWith(QLatin1Char(' ')) ? QLatin1Char(' ') + text : text);
    std::vector<int> tokens = input.tokens;
    tokens.erase(tokens.begin() + index);
    tokens.insert(tokens.begin() + index, pieces.begin(), pieces.end());
    Input result = inputFor(tokens);
    if (input.masked.size() == tokens.size()) result.masked = input.masked;
    return result;
}

Input OwnInput::withFrame(const Input& input, bool framed) const {
    FramedSentences sentences = m_frame.taken(input.tokens);
    sentences.framed = framed;
    if (!framed) {
        sentences.first.insert(sentences.first.end(), sentences.second.begin(), sentences.second.end());
        sentences.second.clear();
    }
    if (sentences.first.empty() && !framed) refuse(OwnInputWords::tr("Nothing would be left to read."));
    return inputFor(m_frame.put(sentences));
}

QString OwnInput::maskName() const {
    const bool fills = isSentence() && m_architecture == Architecture::encoder && !m_model.answersNumbers();
    const std::optional<int> mask = fills ? maskToken(tokenizer()) : std::nullopt;
    return mask ? text(*mask) : QString();
}

bool OwnInput::isMaskToken(const Input& input, int index) const {
    return input.tokens[static_cast<std::size_t>(index)] == maskToken(tokenizer());
}

Input OwnInput::withMaskToken(const Input& input, int index) const {
    const auto at = static_cast<std::size_t>(index);
    Input result = input;
    result.interventions.clear();
    result.targets.resize(result.tokens.size(), -1);
    if (!isMaskToken(input, index)) {
        result.targets[at] = input.tokens[at];
        result.tokens[at] = *maskToken(tokenizer());
    } else if (result.targets[at] >= 0) {
        result.tokens[at] = std::exchange(result.targets[at], -1);
    } else {
        refuse(OwnInputWords::tr("What stood here before %1 is not known; type it.").arg(maskName()));
    }
    return result;
}

Input OwnInput::withTyped(const Input& input, int index, const QString& text) const {
    if (isSentence()) return withPieces(input, index, text);
    return m_vectors ? m_vectors->withVector(input, index, text) : withToken(input, index, parseToken(text));
}

Input OwnInput::withCopy(const Input& input, int index) const {
    if (m_vectors) return m_vectors->withInserted(input, index);
    const std::size_t typed = typedPart(input).size();
    const std::size_t neighbour = std::min(static_cast<std::size_t>(std::max(index, 0)), std::max<std::size_t>(typed, 1) - 1);
    return withInserted(input, index, input.tokens[neighbour]);
}

void OwnInput::check(const QString& text) const {
    if (m_vectors)
        m_vectors->parseVector(text);
    else if (isSentence())
        encoded(text);
    else
        parseToken(text);
}

bool OwnInput::knows(int token) const {
    return token >= 0 && token < tokenizer().symbols();
}

int OwnInput::parseToken(const QString& text) const {
    if (tokenizer().isSpecial(text.toStdString()))
        refuse(OwnInputWords::tr("%1 stands at a place of its own; here are %2.").arg(QStringLiteral("\u201C%1\u201D").arg(text), rule()));
    int token = 0;
    try {
        token = tokenizer().encodeOne(text.toStdString());
    } catch (const InputError& error) {
        refuse(error, rule());
    }
    if (!knows(token)) refuse(OwnInputWords::tr("%1 is too large; this run knows %2.").arg(text, rule()));
    return token;
}

/// Where the frame puts the separator it may be typed as well: behind a decoder's input, before what an encoder-decoder's decoder reads.
QStringList OwnInput::withoutSeparator(QStringList texts) const {
    const auto at =
        std::find_if(texts.begin(), texts.end(), [this](const QString& word) { return tokenizer().isSpecial(word.toStdString()); });
    if (at == texts.end()) return texts;
    if (!isFramed())
        refuse(OwnInputWords::tr("%1 begins the decoder's answer by itself; type only what the encoder reads: %2.").arg(*at, rule()));
    if (at + 1 != texts.end()) refuse(OwnInputWords::tr("Behind %1 the model writes its own answer; end the line there.").arg(*at));
    texts.removeLast();
    return texts;
}

/// Throws InputError also where no token comes of it.
std::vector<int> OwnInput::encoded(const QString& text) const {
    std::vector<int> tokens;
    try {
        tokens = tokenizer().encode(text.toStdString());
    } catch (const InputError& error) {
        refuse(error, rule());
    }
    if (tokens.empty()) refuse(OwnInputWords::tr("Type some tokens: %1.").arg(rule()));
    return tokens;
}

std::vector<int> OwnInput::parse(const QString& line) const {
    QString blanks = line;
    if (tokenizer().kept().empty()) {
        blanks.replace(QRegularExpression(QStringLiteral("[,;\\[\\]()]")), QStringLiteral(" "));
        if (tokenLength() == 1) blanks.replace(QRegularExpression(QStringLiteral("(\\d)(?=\\d)")), QStringLiteral("\\1 "));
        const QStringList texts = withoutSeparator(blanks.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts));
        blanks = texts.join(QLatin1Char(' '));
    }
    std::vector<int> tokens;
    try {
        tokens = tokenizer().encode(blanks.toStdString());
    } catch (const InputError& error) {
        refuse(error, rule());
    }
    if (tokens.empty()) refuse(OwnInputWords::tr("Type some tokens: %1.").arg(rule()));
    QStringList unknown;
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (!knows(tokens[i])) unknown << OwnInputWords::tr("Token %1 is %2").arg(i).arg(tokens[i]);
    if (!unknown.isEmpty()) refuse(OwnInputWords::tr("%1; this run knows %2.").arg(unknown.join(QStringLiteral("; ")), rule()));
    return tokens;
}

/// The task's own rules, for a sequence of n tokens; a next token follows any sequence.
void OwnInput::requireLength(int n) const {
    TaskConfig typed = m_task;
    typed.seq_len = n;
    if (!typed.kind->check || typed.kind->framing != Framing::answered) return;
    typed.kind->check(typed, [](std::string_view key, const Message& why) {
        if (key == "seq_len") refuse(OwnInputWords::tr("Number of tokens: %1.").arg(shown(why)));
    });
}

/// A decoder is asked for the next token, which is known of all but the last.
Input OwnInput::sentenceInput(std::vector<int> tokens) const {
    if (std::ssize(tokens) > m_longest)
        refuse(counted(LAB_PLURAL("window", "%n tokens are more than the %1 that this model reads."), std::ssize(tokens),
                       {QString::number(m_longest)}));
    Input input;
    input.tokens = std::move(tokens);
    if (m_architecture != Architecture::decoder) return input;
    input.targets.assign(input.tokens.begin() + 1, input.tokens.end());
    input.targets.push_back(-1);
    return input;
}

Input OwnInput::inputFor(const std::vector<int>& tokens) const {
    Input input;
    if (static_cast<int>(tokens.size()) > maxTraceLength)
        refuse(counted(LAB_PLURAL("window", "%n tokens are more than the %1 that can be looked at."), std::ssize(tokens),
                       {QString::number(maxTraceLength)}));
    if (isSentence()) return sentenceInput(tokens);
    if (m_task.kind->isBuiltIn()) requireLength(static_cast<int>(tokens.size()));
    input.tokens = tokens;
    if (twoSides()) return restarted(std::move(input));
    if (!m_task.kind->isBuiltIn()) return input;
    const Sample sample = taskSample(m_task, m_architecture, tokens);
    input.tokens = sample.tokens;
    input.targets = sample.targets;
    return input;
}

/// Right answers for as many words as the decoder reads, where they are known.
std::vector<int> OwnInput::rightAnswers(const Input& input) const {
    if (!m_task.kind->isBuiltIn()) return {};
    std::vector<int> targets = taskSample(m_task, m_architecture, input.tokens).targets;
    targets.resize(std::min(targets.size(), input.targetTokens.size()));
    return targets;
}

/// The decoder has said nothing yet.
Input OwnInput::restarted(Input input) const {
    input.targetTokens = {m_task.kind->isBuiltIn() ? tokenizer().special()->id : m_ends.begin};
    input.targets = rightAnswers(input);
    return input;
}

bool OwnInput::readsItself(const Input& input) const {
    return twoSides() && !input.targetTokens.empty();
}

Input OwnInput::answered(const Input& input, const std::vector<int>& said) const {
    const bool known = m_task.kind->isBuiltIn();
    const std::size_t longest =
        known ? taskSample(m_task, m_architecture, input.tokens).targets.size() : static_cast<std::size_t>(m_ends.longest);
    Input result = input;
    result.targetTokens.resize(1);
    for (const int token : said) {
        const bool last = token < 0 || token >= m_vocabulary || token == m_ends.end.value_or(-1);
        if (last || result.targetTokens.size() >= std::min(longest, static_cast<std::size_t>(m_longest))) break;
        result.targetTokens.push_back(token);
    }
    result.targets = rightAnswers(result);
    return result;
}

bool OwnInput::canContinue() const {
    return !m_vectors && m_architecture == Architecture::decoder && !isFramed();
}

Input OwnInput::continued(const Input& input, int token) const {
    if (token < 0 || token >= m_vocabulary || static_cast<int>(input.tokens.size()) >= m_longest) return input;
    Input result = input;
    result.tokens.push_back(token);
    if (!result.masked.empty()) result.masked.push_back(false);
    result.targets.clear();  // nobody knows what should come
    result.interventions.clear();
    return result;
}

std::vector<int> OwnInput::typedPart(const Input& input) const {
    if (!isFramed()) return input.tokens;
    return {input.tokens.begin(), std::find(input.tokens.begin(), input.tokens.end(), tokenizer().special()->id)};
}

Input OwnInput::withToken(const Input& input, int index, int token) const {
    const auto i = static_cast<std::size_t>(index);
    std::vector<int> typed = typedPart(input);
    Input result;
    if (m_task.kind->isBuiltIn() && i < typed.size()) {
        typed[i] = token;
        result = inputFor(typed);
    } else {
        // Of a pair, or of the answer a decoder reads: the right answer to the changed input is not known.
        result = input;
        result.interventions.clear();
        result.tokens[i] = token;
        result.targets.clear();
        if (twoSides()) result = restarted(std::move(result));
    }
    if (input.masked.size() == result.tokens.size()) result.masked = input.masked;
    return result;
}

Input OwnInput::withInserted(const Input& input, int index, int token) const {
    std::vector<int> typed = typedPart(input);
    if (index > static_cast<int>(typed.size()))
        refuse(OwnInputWords::tr("Behind SEP stands the answer: it follows from what stands before."));
    typed.insert(typed.begin() + index, token);
    Input result = inputFor(typed);
    if (!input.masked.empty() && !isFramed()) {
        result.masked = input.masked;
        result.masked.insert(result.masked.begin() + index, false);
    }
    return result;
}

Input OwnInput::withRemoved(const Input& input, int index) const {
    if (m_vectors) return m_vectors->withRemoved(input, index);
    std::vector<int> typed = typedPart(input);
    if (index >= static_cast<int>(typed.size()))
        refuse(OwnInputWords::tr("Behind SEP stands the answer: it follows from what stands before."));
    if (typed.size() == 1) refuse(OwnInputWords::tr("A sequence has at least one token."));
    typed.erase(typed.begin() + index);
    Input result = inputFor(typed);
    if (!input.masked.empty() && !isFramed()) {
        result.masked = input.masked;
        result.masked.erase(result.masked.begin() + index);
    }
    return result;
}

Input OwnInput::withMask(const Input& input, int index, bool masked) const {
    Input result = input;
    result.masked.resize(result.tokens.size(), false);
    result.masked[static_cast<std::size_t>(index)] = masked;
    // Nothing hidden is no mask: a decoder then answers by itself again.
    if (std::none_of(result.masked.begin(), result.masked.end(), [](bool hidden) { return hidden; })) result.masked.clear();
    return result;
}

}  // namespace lab
