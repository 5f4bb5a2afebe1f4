#include "ui/own_input.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>
#include <algorithm>

#include "core/base/errors.h"
#include "core/data/tasks/tasks.h"
#include "core/data/vocabulary.h"

namespace lab {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("lab::OwnInput", text);
}

const QRegularExpression integer(QStringLiteral("^\\d{1,9}$"));

[[noreturn]] void refuse(const QString& sentence) {
    throw InputError(sentence.toStdString());
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
        return tr("words of the vocabulary, such as %1").arg(some.join(QStringLiteral(", ")));
    }
    const int most = m_task.kind == TaskKind::pairs ? m_vocabularySize : m_task.vocab_size;
    return tr("integers 0 to %1").arg(most - 1);
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
        if (token < 0) refuse(tr("%1 is not in the vocabulary; this run knows %2.").arg(quoted, rule()));
        return token;
    }
    if (!integer.match(text).hasMatch()) refuse(tr("%1 is no number; this run knows %2.").arg(quoted, rule()));
    if (!knows(text.toInt())) refuse(tr("%1 is too large; this run knows %2.").arg(text, rule()));
    return text.toInt();
}

std::vector<int> OwnInput::parse(const QString& line) const {
    QString blanks = line;
    if (m_words.empty()) {
        blanks.replace(QRegularExpression(QStringLiteral("[,;\\[\\]()]")), QStringLiteral(" "));
        if (tokenLength() == 1) blanks.replace(QRegularExpression(QStringLiteral("(\\d)(?=\\d)")), QStringLiteral("\\1 "));
        const QStringList texts = blanks.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts);
        for (qsizetype i = 0; i < texts.size(); ++i)
            if (!integer.match(texts[i]).hasMatch())
                refuse(tr("Token %1, \u201C%2\u201D, is no number; this run knows %3.").arg(QString::number(i), texts[i], rule()));
    }
    const std::vector<int> tokens = readTokens(blanks.toStdString(), m_words);
    if (tokens.empty()) refuse(tr("Type some tokens: %1.").arg(rule()));
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (!knows(tokens[i])) refuse(tr("Token %1 is %2; this run knows %3.").arg(i).arg(tokens[i]).arg(rule()));
    return tokens;
}

Input OwnInput::inputFor(const std::vector<int>& tokens) const {
    Input input;
    if (static_cast<int>(tokens.size()) > maxTraceLength)
        refuse(tr("%1 tokens are more than the %2 that can be looked at.").arg(tokens.size()).arg(maxTraceLength));
    if (m_task.kind == TaskKind::pairs) {
        input.tokens = tokens;
        return input;
    }
    if (m_task.kind == TaskKind::swap && tokens.size() % 2 != 0)
        refuse(tr("Swap exchanges two halves: an even number of tokens is needed, and these are %1.").arg(tokens.size()));
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

Input OwnInput::withToken(const Input& input, int index, int token) const {
    const auto i = static_cast<std::size_t>(index);
    std::vector<int> typed = typedPart(input);
    if (m_task.kind != TaskKind::pairs && i < typed.size()) {
        typed[i] = token;
        return inputFor(typed);
    }
    // Of a pair, or of the answer a decoder reads: the right answer to the changed input is not known.
    Input changed = input;
    changed.tokens[i] = token;
    changed.targets.clear();
    return changed;
}

}  // namespace lab
