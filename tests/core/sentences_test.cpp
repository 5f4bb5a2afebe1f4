#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <algorithm>

// Sentences for people can be translated: they stand in LAB_TEXT, LAB_PLURAL or tr, as a whole. A sentence is what has two words, or a word
// at a blank end, where it would be glued to others.

namespace {

struct Token {
    enum Kind { word, text, sign } kind = sign;
    QString spelling;  ///< of a text: its characters
    int line = 1;
};

/// One or several adjacent literals, which the compiler joins.
struct Literal {
    QString text;
    int line = 1;
    QString call{};       ///< whose argument it is: "LAB_TEXT", "tr", ".label"; empty when it stands for itself
    int argument = 0;     ///< from 0, given that only texts stand before it
    QStringList calls{};  ///< all calls it stands in, the innermost last
};

QVector<Token> tokensOf(const QString& source) {
    static const QRegularExpression pattern(
        R"re((?<skip>//[^\n]*|/\*.*?\*/|^[ \t]*#(?:[^\n\\]|\\.)*|\s+))re"
        R"re(|(?:u8|u|U|L)?R\x22(?<mark>[^(\s]*)\((?<raw>.*?)\)\k<mark>\x22)re"
        R"re(|(?:u8|u|U|L)?\x22(?<text>(?:[^\x22\\\n]|\\.)*)\x22)re"
        R"re(|(?<character>'(?:[^'\\\n]|\\.)*')|(?<word>[A-Za-z_]\w*)|(?<number>\d(?:[\w.]|'\w)*)|(?<sign>.))re",
        QRegularExpression::DotMatchesEverythingOption | QRegularExpression::MultilineOption);
    QVector<Token> tokens;
    int line = 1;
    for (auto matches = pattern.globalMatch(source); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        const int at = line;
        line += static_cast<int>(match.capturedView().count('\n'));
        if (match.hasCaptured("skip")) continue;
        if (match.hasCaptured("raw") || match.hasCaptured("text"))
            tokens.append({Token::text, match.captured("raw") + match.captured("text"), at});
        else
            tokens.append({match.hasCaptured("word") ? Token::word : Token::sign, match.captured(), at});
    }
    return tokens;
}

/// What the literal at `at` is an argument of.
void addCall(Literal& literal, const QVector<Token>& tokens, qsizetype at) {
    const auto spelled = [&](qsizetype i) { return i >= 0 ? tokens[i].spelling : QString(); };
    qsizetype before = at - 1;
    while (spelled(before) == "," && before > 0 && tokens[before - 1].kind == Token::text) {
        ++literal.argument;
        --before;
        while (before > 0 && tokens[before].kind == Token::text) --before;
    }
    if (spelled(before) == "(" && before > 0 && tokens[before - 1].kind == Token::word) literal.call = spelled(before - 1);
    if (spelled(before) == "=" && before > 1 && spelled(before - 2) == ".") literal.call = "." + spelled(before - 1);
}

QVector<Literal> literalsOf(const QVector<Token>& tokens) {
    QVector<Literal> literals;
    QStringList calls;
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (token.kind == Token::text) {
            Literal literal{token.spelling, token.line};
            literal.calls = calls;
            addCall(literal, tokens, i);
            while (i + 1 < tokens.size() && tokens[i + 1].kind == Token::text) literal.text += tokens[++i].spelling;
            literals.append(literal);
        } else if (token.spelling == "(") {
            calls.append(i > 0 && tokens[i - 1].kind == Token::word ? tokens[i - 1].spelling : QString());
        } else if (token.spelling == ")" && !calls.isEmpty()) {
            calls.removeLast();
        }
    }
    return literals;
}

bool isMarked(const Literal& literal) {
    const bool core = literal.call == "LAB_TEXT" || literal.call == "LAB_PLURAL" || literal.call == "translate";
    return literal.call == "tr" ? literal.argument == 0 : core && literal.argument == 1;
}

/// Bugs and names, which nobody reads in a window; labels of core's rows are keys, in no language.
bool isQuiet(const QString& path, const Literal& literal) {
    if (path.startsWith("core/") && literal.call == ".label") return true;
    static const QSet<QString> quiet = {"assert", "static_assert", "Q_ASSERT_X", "qFatal", "qWarning", "setObjectName", "objectName"};
    return std::ranges::any_of(literal.calls, [](const QString& call) { return quiet.contains(call); });
}

/// As a reader sees it: without escapes and tags.
QString readable(QString text) {
    static const QRegularExpression blank(R"(\\[ntr])"), escape(R"(\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]+|.))"), tag("<[^>]*>");
    return text.replace(blank, " ").replace(escape, "'").remove(tag);
}

bool isSentence(const QString& text) {
    static const QRegularExpression words(R"([A-Za-z]{2,}[,;:.']? +\(?[A-Za-z]{2,})"),
        glued(R"(^[,;:.)]* [A-Za-z]{2,}|[A-Za-z]{2,}[,:;]? $)");
    const QString shown = readable(text);
    return words.match(shown).hasMatch() || glued.match(shown).hasMatch();
}

/// %1 .. without gaps: how many; else -1.
int placesOf(const QString& text) {
    QSet<int> places;
    for (qsizetype i = 0; i + 1 < text.size(); ++i)
        if (text[i] == '%' && text[i + 1] >= '1' && text[i + 1] <= '9') places.insert(text[i + 1].digitValue());
    for (int place = 1; place <= places.size(); ++place)
        if (!places.contains(place)) return -1;
    return static_cast<int>(places.size());
}

/// Index behind the bracket that closes the one at `open`.
qsizetype behindBracket(const QVector<Token>& tokens, qsizetype open) {
    int depth = 0;
    for (qsizetype i = open; i < tokens.size(); ++i) {
        if (tokens[i].spelling == "(" && tokens[i].kind == Token::sign) ++depth;
        if (tokens[i].spelling == ")" && tokens[i].kind == Token::sign && --depth == 0) return i + 1;
    }
    return tokens.size();
}

/// `Message(LAB_TEXT(...)).arg(...).count(...)`: arguments where all of them can be seen.
QStringList wrongArguments(const QVector<Token>& tokens) {
    QStringList violations;
    for (qsizetype i = 1; i + 1 < tokens.size(); ++i) {
        if (tokens[i].spelling != "Message" || tokens[i + 1].spelling != "(") continue;
        const bool filledLater =
            tokens[i - 1].spelling == "=" && i > 2 && tokens[i - 3].spelling == "Message" && (i < 4 || tokens[i - 4].spelling != "const");
        qsizetype end = behindBracket(tokens, i + 1);
        const QVector<Literal> literals = literalsOf(tokens.mid(i + 2, end - i - 3));
        int arguments = 0, counts = 0;
        while (end + 2 < tokens.size() && tokens[end].spelling == "." && tokens[end + 2].spelling == "(") {
            arguments += tokens[end + 1].spelling == "arg";
            counts += tokens[end + 1].spelling == "count";
            end = behindBracket(tokens, end + 2);
        }
        for (const Literal& literal : literals) {
            if (!isMarked(literal) || filledLater) continue;
            if (placesOf(literal.text) != arguments)
                violations += QString("%1: %2 arguments for \"%3\"").arg(literal.line).arg(arguments).arg(literal.text);
            if ((literal.call == "LAB_PLURAL") != (counts == 1))
                violations += QString("%1: %2 counts for \"%3\"").arg(literal.line).arg(counts).arg(literal.text);
        }
    }
    return violations;
}

/// What may stay as it is, and why.
struct Exception {
    const char* path;
    const char* text;  ///< a regular expression for the whole of it
    const char* reason;
};

// The explainer's tables name nodes, grids and traits (core/explain/graph.h, layout.h).
const char* traits =
    "(!?(model|scores|softmax|linear|kv|keyvalue|latent|map|normed|rope|shaped|alibi|adds|shares|single|grouped|inrows|cross|causal|"
    "pattern|diagonal|padded|mask|few|pre|post|rms|shift|gated|relu|gelu|tanh|two|decoder|answers|mlp|tied|loss|first|last|embedded|set|"
    "learned|sines|twoMoments|cosine|bends|pair|"
    "tokens|vectors|ofClass|classToken|numbers|product|bare|bias|negative|cut|ties|later|behind|scoresSet|weightsSet|even|blind|factored|"
    "signed|rooted|fades|learnsDecay|features|drawn|rises|experts|several|balanced|halts|halted|ahead|feeds|reading|unit|unitSet|apart|"
    "global|"
    "bothKinds|tells|coded|slots|codeLosses|smoothed|zloss|levels|signs|choice|book|sameWeights|bucketed|relates|capped|spans|keeps|sinks|"
    "opens|hashed|borrows|lends|quick|squared|parallel|segments|normedInput|mapped|plainInput|gaps|plainHead|narrow|noHead|skipped|"
    "feedBias) "
    "?)+";
const char* nodeRule = "[A-Za-z0-9_${}.]+ [a-z.()!*${}]+( .*)?";
const char* gridLayout = "(lines|norm|normBack|heads|linear|transposed|matrix|keys|readers|queries|vector|seen)[+a-z]* .*";

const QVector<Exception> exceptions = {
    {"core/base/message.h", ".*", "of the compiler"},
    {"core/base/platform.cpp", "model name", "of /proc/cpuinfo"},
    {"core/optimizers/rules/", "[a-z ]+|w \\\\u2190 .*", "names of lines by which others find them, and formulas"},
    {"core/explain/", traits, "traits of a form"},
    {"core/explain/attention", nodeRule, "rules of nodes"},
    {"core/explain/stream.cpp", nodeRule, "rules of nodes"},
    {"core/explain/feed_forward.cpp", nodeRule, "rules of nodes"},
    {"core/explain/answer.cpp", nodeRule, "rules of nodes"},
    {"core/explain/norms.cpp", nodeRule, "rules of nodes"},
    {"core/explain/slots.cpp", nodeRule, "rules of nodes"},
    {"core/explain/writer", nodeRule, "rules of nodes"},
    {"core/explain/experts.cpp", nodeRule, "rules of nodes"},
    {"core/explain/halting.cpp", nodeRule, "rules of nodes"},
    {"core/explain/rotation.cpp", "(cos|sin) ", "functions"},
    {"core/explain/writer", " (level|viaK viaV|viaFeedForward|down|dyDown|past)", "names of nodes"},
    {"core/explain/rules.cpp", " custom", "of a rule"},
    {"core/explain/grid_rows.cpp", gridLayout, "layouts of grids"},
    {"core/explain/layout.cpp", "lines[+a-z]* |(mean|spread|normed|given|meanGn?) ", "layouts of grids"},
    {"core/explain/stage_rows.cpp",
     "[a-z]+ (last|head|worst|best) (0|worst|result)|row column bias content placed score map> asked vector>|left factor loss spanned span|"
     "mask masked seen|over bent capped|weights> mirror sunk exact>|decay kept matrix|log rise score",
     "cells and grids"},
    {"core/explain/stage_rows.cpp", "KV\\+Pos, ALiBi|gelu \\(tanh\\)", "names of forms and functions"},
    {"core/explain/code", "def |(fw|x), .*|\\(fw\\.f_cross, ", "of Python"},
    {"core/explain/component_rows.cpp", ".* (19|20)[0-9][0-9].*", "papers"},
    {"core/explain/component_rows.cpp", ".* mod stride = 0", "a formula"},
    {"core/explain/component_rows.cpp", "norm input", "names of stages"},
    {"core/explain/overview_rows.cpp", "max exp sum d_weights d_softmax", "names of stages"},
    {"core/explain/overview.cpp", "((d_)?slot_[a-z]+ ?)+|d_read_keys d_read_values d_memory", "names of stages"},
    {"core/explain/statements/wrong_code.cpp", "# q.*", "programs"},
    {"core/data/tokenizers/pipeline/piece_decoder.cpp", " do not| don't", "of a rule for English text"},
    {"core/data/tokenizers/pipeline/text_pipeline.cpp", ": [a-z_]+", "places in a file"},
    {"core/text/stories/", ".*", "what the stories are made of: data"},
    {"core/memory/concepts.cpp", "6 x bird flies.*", "events as they are typed: data"},
    {"core/config/json_check.cpp", " at ", "of the JSON library's messages"},
    {"core/config/validation_rules.cpp", "head_dim | \\(d_model | / num_heads ", "a formula of keys"},
    {"core/training/bench_plan.cpp", ", batch ", "names a row of a measurement, also in its file"},
    {"", "(%1\\[\\*\\] .* )?Attention Lab(, | )?", "the program's name"},
    {"ui/window/file_actions.cpp", "error: .*%s\\\\n", "on the terminal, when there is no window any more"},
    {"ui/window/sweep_actions.cpp", "qkv, kv", "values as they are typed"},
    {"ui/pages/sweeps/report.cpp", ".*(font-family|font-size|max-width).*", "style sheets"},
    {"core/learn/stream_functions.h", "[a-z]+( \\[?[a-z]+)+", "names of arguments"},
    {"core/data/repeated_tokens.cpp", "repeated tokens", "names a stream of random numbers"},
    {"ui/pages/text/sentences_tab.cpp", "A dog sleeps.*|An animal is.*", "what an English model reads: data"},
    {"ui/pages/stream/", "\\\\n?(Elhage|Olsson) et al. 2022.*|Elhage et al. 202.*", "a paper's title"},
    {"ui/runs/seed_names.cpp", ".*", "part of a run's name, which is kept in files"},
    {"ui/widgets/stage_desk.cpp", "padding:.*", "style sheets"},
    {"ui/pages/explain/explain_page.cpp", "border:.*", "style sheets"},
    {"ui/widgets/theme.cpp", "(Noto|DejaVu) Sans", "fonts"},
    {"ui/widgets/figure_file.cpp", "<svg width=.*", "SVG"},
};

QString exceptionOf(const QString& path, const Literal& literal) {
    for (const Exception& each : exceptions) {
        const QRegularExpression text(QRegularExpression::anchoredPattern(each.text), QRegularExpression::DotMatchesEverythingOption);
        if (path.startsWith(each.path) && text.match(literal.text).hasMatch()) return each.text;
    }
    return {};
}

/// Everything in a source that could not be translated, as "path:line: what".
QStringList violationsOf(const QString& path, const QString& source, QSet<QString>* used = nullptr) {
    const QVector<Token> tokens = tokensOf(source);
    QStringList violations;
    for (const Literal& literal : literalsOf(tokens)) {
        const bool sentence = isSentence(literal.text), marked = isMarked(literal);
        static const QRegularExpression openEnd(R"(^[\s,;]|\s$)");
        if (marked && openEnd.match(readable(literal.text)).hasMatch())
            violations += QString("%1: \"%2\" is glued to something").arg(literal.line).arg(literal.text);
        if (marked && placesOf(literal.text) < 0)
            violations += QString("%1: \"%2\" has gaps between its places").arg(literal.line).arg(literal.text);
        if (marked || !sentence || isQuiet(path, literal)) continue;
        const QString exception = exceptionOf(path, literal);
        if (exception.isEmpty())
            violations += QString("%1: \"%2\" cannot be translated").arg(literal.line).arg(literal.text);
        else if (used)
            used->insert(exception);
    }
    violations += wrongArguments(tokens);
    for (qsizetype i = 1; i + 1 < tokens.size(); ++i)
        if (path.startsWith("ui/") && tokens[i].spelling == "english" && tokens[i - 1].spelling == ".")
            violations += QString("%1: a window says it in the reader's language, by shown()").arg(tokens[i].line);
    for (qsizetype i = 0; i + 3 < tokens.size(); ++i)
        if (tokens[i].spelling == "QString" && tokens[i + 1].spelling == "tr" && tokens[i + 3].spelling == "const")
            violations +=
                QString("%1: lupdate does not know the context of a tr() of one's own; use Q_DECLARE_TR_FUNCTIONS").arg(tokens[i].line);
    for (QString& violation : violations) violation.prepend(path + ":");
    return violations;
}

}  // namespace

class SentencesTest : public QObject {
    Q_OBJECT

private slots:
    void sentencesAreTold_data() {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("wrong");
        const auto row = [](const char* name, const char* code, const char* wrong = "") { QTest::newRow(name) << code << wrong; };
        row("bare", R"(label->setText("Nothing is measured yet.");)", "\"Nothing is measured yet.\" cannot be translated");
        row("joined by the compiler", "x(\"Nothing is \"\n    \"measured.\")", "\"Nothing is measured.\" cannot be translated");
        row("glued", R"(throw InputError(path + ": unknown key");)", "\": unknown key\" cannot be translated");
        row("glued word", R"(text += " of " + name;)", "\" of \" cannot be translated");
        row("choice within tr", R"(tr(one ? "One sentence." : "Another one.");)", "cannot be translated");
        row("behind tr", R"(tr("A word %1").arg("two words");)", "\"two words\" cannot be translated");
        row("context of LAB_TEXT", R"(LAB_TEXT("two words", "One.");)", "\"two words\" cannot be translated");
        row("marked, but open", R"(x += tr(" after step %1").arg(1);)", "is glued to something");
        row("marked, with gaps", R"(tr("%1 of %3").arg(1).arg(2);)", "has gaps");
        row("own tr", R"(QString tr(const char* text) { return text; })", "one's own");
        row("too few", R"(throw InputError(Message(LAB_TEXT("x", "%1 of %2 are there")).arg(1));)", "1 arguments for");
        row("too many", R"(throw InputError(Message(LAB_TEXT("x", "Nothing is there")).arg(1));)", "1 arguments for");
        row("no count", R"(throw InputError(Message(LAB_PLURAL("x", "%n run(s) are there")));)", "0 counts for");
        row("marked", R"(tr("Nothing is measured yet."); LAB_TEXT("x", "Nothing " "else."); Other::tr("Two words");)");
        row("translate", R"(QCoreApplication::translate("x", "Two words");)");
        row("all there", "Message(LAB_PLURAL(\"x\", \"%n run(s) of %1 and %2\")).arg(f(a, \")\")).count(3).arg(2);");
        row("filled later", R"(Message text = Message(LAB_TEXT("x", "%1 of %2 are there")).arg(1); text.arg(2);)");
        row("words", R"(find("model.d_model"); QStringLiteral("%1 %2"); text += ", "; "a b"; 'x';)");
        row("comments", "// says \"two words\"\n/* and \"two more\" */\n#include \"two words\"\n");
        row("bugs", R"(assert(x && "two words stand here"); qFatal("cannot read %s", "two words"); setObjectName("two words");)");
    }
    void sentencesAreTold() {
        QFETCH(QString, code);
        QFETCH(QString, wrong);
        const QStringList found = violationsOf("sample.cpp", code);
        if (wrong.isEmpty()) {
            QCOMPARE(found.join('\n'), QString());
            return;
        }
        QCOMPARE(found.size(), code.contains('?') ? 2 : 1);
        QVERIFY2(found.first().startsWith("sample.cpp:1: ") && found.first().contains(wrong), qPrintable(found.first()));
    }

    void everySentenceCanBeTranslated() {
        const QString root = LAB_SOURCE_DIR;
        QStringList violations;
        QSet<QString> used;
        int marked = 0;
        for (const char* folder : {"core", "ui"}) {
            QDirIterator files(root + "/" + folder, {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
            while (files.hasNext()) {
                QFile file(files.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                const QString source = QString::fromUtf8(file.readAll());
                violations += violationsOf(file.fileName().mid(root.size() + 1), source, &used);
                const QVector<Literal> literals = literalsOf(tokensOf(source));
                marked += static_cast<int>(std::ranges::count_if(literals, isMarked));
            }
        }
        for (const QString& violation : violations) qWarning("%s", qPrintable(violation));
        QVERIFY(violations.isEmpty());
        for (const Exception& each : exceptions) QVERIFY2(used.contains(each.text), each.text);
        QVERIFY2(marked > 2000, "the sentences are not found any more");
    }
};

QTEST_APPLESS_MAIN(SentencesTest)
#include "sentences_test.moc"
