#include "ui/own_input.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>
#include <algorithm>

#include "core/base/errors.h"
#include "core/data/tasks/tasks.h"
#include "core/data/vocabulary.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(OwnInput)
};

const QRegularExpression integer(QStringLiteral("^\\d{1,9}$"));

[[noreturn]] void refuse(const QString& sentence) {
    throw InputError(Message::verbatim(sentence.toStdString()));
}

}  // namespace

OwnInput::OwnInput(const Run& run)
    : m_task(run.experiment().task),
      m_architecture(run.experiment().model.architecture),
      m_vocabularySize(run.experiment().model.vocab_size.value_or(m_task.vocab_size)),
      m_words(run.dataset()->vocabulary()) {}

int OwnInput::separator() const {
    const bool builtIn = m_task.kind != TaskKind::pairs && m_task.kind != TaskKind::repeat;
    return builtIn && m_architecture != Architecture::encoder ? m_task.vocab_size : -1;
}

bool OwnInput::isFramed() const {
    return separator() >= 0 && m_architecture == Architecture::decoder;
}

QString OwnInput::text(int token) const {
    if (token == separator()) return m_architecture == Architecture::decoder ? QStringLiteral("SEP") : QStringLiteral("BOS");
    return QString::fromStdString(tokenText(token, m_words));
}

int OwnInput::tokenLength() const {
    if (m_words.empty()) return m_task.kind != TaskKind::pairs && m_task.vocab_size <= 10 ? 1 : 0;
    return 0;
}

QString OwnInput::rule() const {
    if (!m_words.empty()) {
        QStringList some;
        for (std::size_t i = 0; i < std::min<std::size_t>(m_words.size(), 3); ++i) some << QString::fromStdString(m_words[i]);
        return Words::tr("words of the vocabulary, such as %1").arg(some.join(QStringLiteral(", ")));
    }
    const int most = m_task.kind == TaskKind::pairs ? m_vocabularySize : m_task.vocab_size;
    return Words::tr("integers 0 to %1").arg(most - 1);
}

QString OwnInput::example() const {
    QStringList tokens;
    const int most = m_words.empty() ? std::max(m_task.vocab_size, 1) : static_cast<int>(m_words.size());
    for (int i = 0; i < 6; ++i) tokens << text((3 * i + 1) % most);
    return tokens.join(QLatin1Char(' '));
}

bool OwnInput::knows(int token) const {
    return token >= 0 && token < (m_task.kind == TaskKind::pairs ? m_vocabularySize : m_task.vocab_size);
}

int OwnInput::parseToken(const QString& text) const {
    const QString quoted = QStringLiteral("\u201C%1\u201D").arg(text);
    if (!m_words.empty()) {
        const int token = Vocabulary(m_words).find(text.toStdString());
        if (token < 0) refuse(Words::tr("%1 is not in the vocabulary; this run knows %2.").arg(quoted, rule()));
        return token;
    }
    if (isSeparator(text)) refuse(Words::tr("%1 stands at a place of its own; here are %2.").arg(quoted, rule()));
    if (!integer.match(text).hasMatch()) refuse(Words::tr("%1 is no number; this run knows %2.").arg(quoted, rule()));
    if (!knows(text.toInt())) refuse(Words::tr("%1 is too large; this run knows %2.").arg(text, rule()));
    return text.toInt();
}

bool OwnInput::isSeparator(const QString& word) const {
    return separator() >= 0 && word.compare(text(separator()), Qt::CaseInsensitive) == 0;
}

/// Where the frame puts the separator it may be typed as well: behind a decoder's input, before what an encoder-decoder's decoder reads.
QStringList OwnInput::withoutSeparator(QStringList texts) const {
    const auto at = std::find_if(texts.begin(), texts.end(), [this](const QString& word) { return isSeparator(word); });
    if (at == texts.end()) return texts;
    if (!isFramed()) refuse(Words::tr("%1 begins the decoder's answer by itself; type only what the encoder reads: %2.").arg(*at, rule()));
    if (at + 1 != texts.end()) refuse(Words::tr("Behind %1 the model writes its own answer; end the line there.").arg(*at));
    texts.removeLast();
    return texts;
}

std::vector<int> OwnInput::parse(const QString& line) const {
    QString blanks = line;
    if (m_words.empty()) {
        blanks.replace(QRegularExpression(QStringLiteral("[,;\\[\\]()]")), QStringLiteral(" "));
        if (tokenLength() == 1) blanks.replace(QRegularExpression(QStringLiteral("(\\d)(?=\\d)")), QStringLiteral("\\1 "));
        const QStringList texts = withoutSeparator(blanks.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts));
        blanks = texts.join(QLatin1Char(' '));
        for (qsizetype i = 0; i < texts.size(); ++i)
            if (!integer.match(texts[i]).hasMatch())
                refuse(Words::tr("Token %1, \u201C%2\u201D, is no number; this run knows %3.").arg(QString::number(i), texts[i], rule()));
    }
    const std::vector<int> tokens = readTokens(blanks.toStdString(), m_words);
    if (tokens.empty()) refuse(Words::tr("Type some tokens: %1.").arg(rule()));
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (!knows(tokens[i])) refuse(Words::tr("Token %1 is %2; this run knows %3.").arg(i).arg(tokens[i]).arg(rule()));
    return tokens;
}

Input OwnInput::inputFor(const std::vector<int>& tokens) const {
    Input input;
    if (static_cast<int>(tokens.size()) > maxTraceLength)
        refuse(counted(LAB_PLURAL("window", "%n tokens are more than the %1 that can be looked at."), std::ssize(tokens),
                       {QString::number(maxTraceLength)}));
    if (m_task.kind == TaskKind::pairs) {
        input.tokens = tokens;
        return input;
    }
    if (m_task.kind == TaskKind::swap && tokens.size() % 2 != 0)
        refuse(Words::tr("Swap exchanges two halves: an even number of tokens is needed, and these are %1.").arg(tokens.size()));
    const Sample sample = taskSample(m_task, m_architecture, tokens);
    input.tokens = sample.tokens;
    input.targetTokens = sample.targetTokens;
    input.targets = sample.targets;
    return input;
}

std::vector<int> OwnInput::typedPart(const Input& input) const {
    if (!isFramed()) return input.tokens;
    return {input.tokens.begin(), std::find(input.tokens.begin(), input.tokens.end(), separator())};
}

/// `input` for other typed tokens. Of a pair the right answer to the changed input is not known.
Input OwnInput::changed(const Input& input, const std::vector<int>& typed) const {
    Input result = inputFor(typed);
    if (m_task.kind == TaskKind::pairs) result.targetTokens = input.targetTokens;
    return result;
}

Input OwnInput::withToken(const Input& input, int index, int token) const {
    const auto i = static_cast<std::size_t>(index);
    std::vector<int> typed = typedPart(input);
    Input result;
    if (m_task.kind != TaskKind::pairs && i < typed.size()) {
        typed[i] = token;
        result = changed(input, typed);
    } else {
        // Of a pair, or of the answer a decoder reads: the right answer to the changed input is not known.
        result = input;
        result.interventions.clear();
        result.tokens[i] = token;
        result.targets.clear();
    }
    if (input.masked.size() == result.tokens.size()) result.masked = input.masked;
    return result;
}

Input OwnInput::withInserted(const Input& input, int index, int token) const {
    std::vector<int> typed = typedPart(input);
    if (index > static_cast<int>(typed.size())) refuse(Words::tr("Behind SEP stands the answer: it follows from what stands before."));
    typed.insert(typed.begin() + index, token);
    Input result = changed(input, typed);
    if (!input.masked.empty() && !isFramed()) {
        result.masked = input.masked;
        result.masked.insert(result.masked.begin() + index, false);
    }
    return result;
}

Input OwnInput::withRemoved(const Input& input, int index) const {
    std::vector<int> typed = typedPart(input);
    if (index >= static_cast<int>(typed.size())) refuse(Words::tr("Behind SEP stands the answer: it follows from what stands before."));
    if (typed.size() == 1) refuse(Words::tr("A sequence has at least one token."));
    typed.erase(typed.begin() + index);
    Input result = changed(input, typed);
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
