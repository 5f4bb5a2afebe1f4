#include <QApplication>
#include <QDialog>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>
#include <algorithm>

#include "tests/ui/heard.h"
#include "tests/ui/window/trained_desk.h"
#include "ui/text/language.h"
#include "ui/widgets/theme.h"

using namespace lab;
using namespace lab::testing;

namespace {

constexpr int foreign = 10;  ///< times as often in English as in German, where "Training" is at home too
constexpr const char* heardGermanFile = LAB_SOURCE_DIR "/resources/translations/attention-lab_de.ts";

QStringList heardWordsOf(const QString& text) {
    static const QRegularExpression word(QStringLiteral("(?<![\\w.])\\p{L}{3,}(?![\\w.]*[_\\d=])"),
                                         QRegularExpression::UseUnicodePropertiesOption);
    QStringList words;
    for (auto all = word.globalMatch(text); all.hasNext();) words << all.next().captured().toLower();
    return words;
}

/// All texts before and behind the translation, and their words.
struct Vocabulary {
    QHash<QString, QSet<QString>> translations;
    QHash<QString, int> english, german;

    bool read(const QString& path) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) return false;
        QXmlStreamReader xml(&file);
        QString source;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement) continue;
            const bool before = xml.name() == QLatin1String("source");
            if (!before && xml.name() != QLatin1String("translation")) continue;
            const QString text = xml.readElementText(QXmlStreamReader::IncludeChildElements);
            for (const QString& word : heardWordsOf(text)) ++(before ? english : german)[word];
            if (before)
                source = text;
            else
                translations[source].insert(text);
        }
        return !xml.hasError();
    }

    /// One that has a translation, or of which a quarter is English. (Names of settings and terms are English in German too.)
    bool isEnglish(const QString& text) const {
        static const QRegularExpression key(QStringLiteral("^[a-z_]+$"));
        const auto known = translations.constFind(text);
        if (known != translations.cend() && !known->contains(text) && !key.match(text).hasMatch()) return true;
        static const QRegularExpression axes(QStringLiteral("\\[[^\\]]*\\]"));  // of tensors, by the names of settings
        const QStringList words = heardWordsOf(QString(text).remove(axes));
        const auto left = std::ranges::count_if(
            words, [this](const QString& word) { return english.value(word) > 0 && english.value(word) >= foreign * german.value(word); });
        return left > 1 && 4 * left >= words.size();
    }
};

/// Of a table or a list: told with its row and its column.
bool isCell(QAccessible::Role role) {
    return role == QAccessible::Cell || role == QAccessible::RowHeader || role == QAccessible::ColumnHeader ||
           role == QAccessible::ListItem;
}

/// Roles by which nobody hears what can be done with it.
bool saysNothing(QAccessible::Role role) {
    return role == QAccessible::NoRole || role == QAccessible::Client || role == QAccessible::Whitespace;
}

}  // namespace

/// What a screen reader has of every page: names, roles, and in German no word of English.
class AccessibleNamesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(m_home.isValid());
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        Theme::instance().apply();
        QVERIFY(m_words.read(QLatin1String(heardGermanFile)));
        QVERIFY(m_words.english.size() > 2000 && m_words.german.size() > 2000);
    }
    void init() { m_wrong.clear(); }
    void cleanup() { useLanguage("en"); }

    void whatIsLeftInEnglishIsFound() {
        QVERIFY(m_words.isEnglish("Timeline of the training"));
        QVERIFY(m_words.isEnglish("Schritt 3 and the training, where 4 of these are right"));
        QVERIFY(m_words.isEnglish("Pages"));
        QVERIFY(!m_words.isEnglish("Zeitleiste des Trainings, model.d_model = 32"));
        QVERIFY(!m_words.isEnglish("Tabs"));
    }

    void everyControlHasANameAndARole_data() { addDesks(); }
    void everyControlHasANameAndARole() {
        TrainedDesk desk(architecture());
        forEverything(desk, [this](const QString& where, const std::vector<Heard>& all) {
            for (const Heard& each : all) {
                if (!each.isStop) continue;
                if (each.name.trimmed().isEmpty()) wrong(where, "no name", each);
                if (saysNothing(each.role)) wrong(where, "no role", each);
            }
        });
        QVERIFY2(m_wrong.isEmpty(), qPrintable(m_wrong.join('\n')));
    }

    /// What is written for the eye has tags, which nobody wants to hear.
    void nobodyHearsTags_data() { addDesks(); }
    void nobodyHearsTags() {
        static const QRegularExpression tag(QStringLiteral("</?(p|b|i|br|sub|sup|span|div|a|table|tr|td|html)\\b[^>]*>"));
        TrainedDesk desk(architecture());
        forEverything(desk, [this](const QString& where, const std::vector<Heard>& all) {
            for (const Heard& each : all)
                if (tag.match(each.name + each.description + each.value).hasMatch()) wrong(where, "tags", each);
        });
        QVERIFY2(m_wrong.isEmpty(), qPrintable(m_wrong.join('\n')));
    }

    /// Two that are told one after the other and sound alike are told apart by nobody.
    void noTwoSoundAlike_data() { addDesks(); }
    void noTwoSoundAlike() {
        TrainedDesk desk(architecture());
        forEverything(desk, [this](const QString& where, const std::vector<Heard>& all) {
            for (std::size_t i = 0; i < all.size(); ++i)
                for (std::size_t j = i + 1; j < all.size(); ++j) {
                    const Heard &a = all[i], &b = all[j];
                    const bool alike =
                        a.isStop && b.isStop && !isCell(a.role) && a.parent == b.parent && a.role == b.role && a.name == b.name;
                    if (alike && a.description == b.description && a.value == b.value) wrong(where, "twice", b);
                }
        });
        QVERIFY2(m_wrong.isEmpty(), qPrintable(m_wrong.join('\n')));
    }

    void germanIsGerman_data() { addDesks(); }
    void germanIsGerman() {
        useLanguage("de");
        QCOMPARE(language(), QString("de"));
        TrainedDesk desk(architecture());
        int looked = 0;
        forEverything(desk, [&](const QString& where, const std::vector<Heard>& all) {
            for (const Heard& each : all) {
                ++looked;
                // What stands in a field is the person's.
                const QString told = each.role == QAccessible::Graphic ? each.value : QString();
                for (const QString& text : {each.name, each.description, told})
                    if (m_words.isEnglish(text)) wrong(where, "English", each);
            }
        });
        QVERIFY2(looked > 2000, qPrintable(QString::number(looked)));
        QVERIFY2(m_wrong.isEmpty(), qPrintable(m_wrong.join('\n')));
    }

private:
    static void addDesks() {
        QTest::addColumn<Architecture>("architecture");
        QTest::newRow("encoder") << Architecture::encoder;
        QTest::newRow("both sides") << Architecture::encoder_decoder;
    }
    static Architecture architecture() {
        QFETCH(const Architecture, architecture);
        return architecture;
    }

    void wrong(const QString& where, const char* what, const Heard& each) {
        const QString line = QStringLiteral("%1: %2: %3").arg(where, QLatin1String(what), each.told());
        if (!m_wrong.contains(line)) m_wrong << line;
    }

    /// Every page with every choice of its controls, and what opens beside them.
    template <class Visit>
    void forEverything(TrainedDesk& desk, Visit visit) {
        desk.forEveryChoice([&](const QString& where) { visit(where, heardIn(desk.window)); });
        desk.window.page().showExport();
        visit(QStringLiteral("export"), heardIn(*QApplication::activeWindow()));
        for (const char* action :
             {"view.split", "jobs.show", "lessons.show", "help.ask", "help.formats", "help.shortcuts", "view.parts", "help.start"}) {
            desk.window.actions().find(QLatin1String(action))->trigger();
            QCoreApplication::processEvents();
            for (QWidget* top : QApplication::topLevelWidgets())
                if (top->isVisible() && top->isWindow()) visit(QLatin1String(action), heardIn(*top));
            for (QDialog* dialog : desk.window.findChildren<QDialog*>()) dialog->close();
        }
    }

    QTemporaryDir m_home;
    Vocabulary m_words;
    QStringList m_wrong;
};

QTEST_MAIN(AccessibleNamesTest)
#include "accessible_names_test.moc"
