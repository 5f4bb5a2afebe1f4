#pragma once

#include <QFile>
#include <QLibraryInfo>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTranslator>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>
#include <optional>

// The pseudo-locale: a language in which everything that can be translated is recognised at a glance. Accents on every letter, two
// fifths longer, in brackets: "Pause" -> "[\u01A4\u00E1\u00FA\u0161\u00E9~~]". What stays English in it cannot be translated.

namespace lab {

/// What a translator's file has to hold, as lupdate finds it in the sources.
struct FoundSentence {
    QString context;
    QString source;
    bool plural = false;
};

struct FoundSentences {
    QVector<FoundSentence> sentences;
    QString complaints;  ///< of lupdate: texts whose context it does not know
};

inline QVector<FoundSentence> sentencesOfFile(QIODevice& ts) {
    QVector<FoundSentence> found;
    QXmlStreamReader xml(&ts);
    QString context;
    bool plural = false;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) continue;
        if (xml.name() == QLatin1String("name")) context = xml.readElementText();
        if (xml.name() == QLatin1String("message")) plural = xml.attributes().value("numerus") == QLatin1String("yes");
        if (xml.name() == QLatin1String("source")) found.append({context, xml.readElementText(), plural});
    }
    return found;
}

inline QString toolOfQt(const QString& name) {
    const QString program = QStandardPaths::findExecutable(name, {QLibraryInfo::path(QLibraryInfo::BinariesPath)});
    return program.isEmpty() ? QStandardPaths::findExecutable(name) : program;
}

/// All texts of the program, as the script for translators finds them; nothing when lupdate or python3 is not installed.
inline std::optional<FoundSentences> findSentences(const QString& root) {
    const QTemporaryDir folder;
    const QString ts = folder.filePath("sentences.ts"), python = QStandardPaths::findExecutable("python3");
    if (toolOfQt("lupdate").isEmpty() || python.isEmpty() || !folder.isValid()) return std::nullopt;
    QProcess update;
    update.start(python, {root + "/resources/translations/update.py", "--to", ts});
    if (!update.waitForFinished(120000) || update.exitCode() != 0) return std::nullopt;
    QFile file(ts);
    if (!file.open(QIODevice::ReadOnly)) return std::nullopt;
    return FoundSentences{sentencesOfFile(file), QString::fromUtf8(update.readAllStandardError())};
}

/// Places, tags, entities, code and the patterns of file dialogs stay.
inline QString pseudo(const QString& text) {
    static const QString plain = QStringLiteral("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    static const QString accented = QStringLiteral(
        "\u00C1\u0181\u00C7\u00D0\u00C9\u0191\u011C\u0124\u00CD\u0134\u0136\u013B\u1E40\u00D1\u00D3\u01A4\u024A\u0154\u0160\u0162\u00DA"
        "\u1E7C\u0174\u1E8A\u00DD\u017D\u00E1\u0180\u00E7\u00F0\u00E9\u0192\u011D\u0125\u00ED\u0135\u0137\u013C\u1E41\u00F1\u00F3\u01A5"
        "\u024B\u0155\u0161\u0163\u00FA\u1E7D\u0175\u1E8B\u00FD\u017E");
    static const QRegularExpression kept(R"(`[^`]*`|%L?(?:\d|n)|<[^>]*>|&\w+;|\(\*[^)]*\))");
    QString result = "[";
    qsizetype at = 0;
    const auto accent = [&](qsizetype end) {
        for (; at < end; ++at) {
            const qsizetype letter = plain.indexOf(text[at]);
            result += letter < 0 ? text[at] : accented[letter];
        }
    };
    for (auto matches = kept.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        accent(match.capturedStart());
        result += match.capturedView();
        at = match.capturedEnd();
    }
    accent(text.size());
    // In words of at most twelve, so that what wraps can wrap.
    qsizetype more = 2 * text.size() / 5;
    for (; more > 12; more -= 13) result += QString(12, QLatin1Char('~')) + QLatin1Char(' ');
    return result + QString(more, QLatin1Char('~')) + "]";
}

/// A file as translators have it, in which every sentence is translated so.
inline void writePseudoFile(QIODevice& file, const QVector<FoundSentence>& sentences, const QString& language = "en_GB") {
    QMap<QString, QVector<FoundSentence>> byContext;
    for (const FoundSentence& each : sentences) byContext[each.context].append(each);
    QXmlStreamWriter xml(&file);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeDTD("<!DOCTYPE TS>");
    xml.writeStartElement("TS");
    xml.writeAttribute("version", "2.1");
    xml.writeAttribute("language", language);
    for (auto context = byContext.cbegin(); context != byContext.cend(); ++context) {
        xml.writeStartElement("context");
        xml.writeTextElement("name", context.key());
        for (const FoundSentence& each : context.value()) {
            xml.writeStartElement("message");
            if (each.plural) xml.writeAttribute("numerus", "yes");
            xml.writeTextElement("source", each.source);
            xml.writeStartElement("translation");
            if (each.plural)
                for (int form = 0; form < 2; ++form) xml.writeTextElement("numerusform", pseudo(each.source));
            else
                xml.writeCharacters(pseudo(each.source));
            xml.writeEndElement();
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndDocument();
}

/// attention-lab_CODE.qm in this folder, as a translator's file becomes one; false when lrelease is not installed.
inline bool releasePseudoFile(const QString& folder, const QString& code, const QVector<FoundSentence>& sentences) {
    QFile ts(folder + "/attention-lab_" + code + ".ts");
    if (!ts.open(QIODevice::WriteOnly)) return false;
    writePseudoFile(ts, sentences, code);
    ts.close();
    return QProcess::execute(toolOfQt("lrelease"), {"-silent", ts.fileName(), "-qm", folder + "/attention-lab_" + code + ".qm"}) == 0;
}

/// Translates what lupdate finds and nothing else: a text under another context than it has in the program stays English, as it would.
class PseudoLocale : public QTranslator {
public:
    explicit PseudoLocale(const QVector<FoundSentence>& sentences) {
        for (const FoundSentence& each : sentences) m_known.insert({each.context.toUtf8(), each.source.toUtf8()}, pseudo(each.source));
    }
    bool isEmpty() const override { return m_known.isEmpty(); }
    QString translate(const char* context, const char* text, const char*, int) const override {
        return m_known.value({QByteArray(context), QByteArray(text)});
    }

private:
    QMap<std::pair<QByteArray, QByteArray>, QString> m_known;
};

}  // namespace lab
