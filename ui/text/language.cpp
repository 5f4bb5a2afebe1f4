#include "ui/text/language.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QSettings>
#include <QTranslator>
#include <algorithm>
#include <memory>

namespace lab {
namespace {

const QString english = QStringLiteral("en");
const QString languageKey = QStringLiteral("window/language");

QStringList translationFolders() {
    QStringList folders{QStringLiteral(":/translations")};
    if (const QString own = qEnvironmentVariable("ATTENTION_LAB_TRANSLATIONS"); !own.isEmpty()) folders << own;
    return folders;
}

QString nameOf(const QString& code) {
    QString name = QLocale(code).nativeLanguageName();
    if (name.isEmpty()) return code;
    name[0] = name[0].toUpper();
    return name;
}

/// What useLanguage() installed.
struct InUse {
    QString code = english;
    QLocale locale{QLocale::English, QLocale::UnitedStates};
    QChar point = u'.';  ///< asked for with every number that is painted
    std::unique_ptr<QTranslator> ours, qts;
};

InUse& inUse() {
    static InUse used;
    return used;
}

std::unique_ptr<QTranslator> installed(const QString& name, const QStringList& folders) {
    auto translator = std::make_unique<QTranslator>();
    for (const QString& folder : folders)
        if (translator->load(name, folder) && QCoreApplication::installTranslator(translator.get())) return translator;
    return nullptr;
}

bool isThere(const QString& code) {
    return std::ranges::any_of(languages(), [&code](const Language& each) { return each.code == code; });
}

}  // namespace

std::vector<Language> languages() {
    QStringList codes;
    for (const QString& folder : translationFolders())
        for (const QString& file : QDir(folder).entryList({QStringLiteral("attention-lab_*.qm")}, QDir::Files, QDir::Name))
            codes << file.section(QLatin1Char('_'), 1).section(QLatin1Char('.'), 0, 0);
    codes.removeDuplicates();
    codes.removeAll(english);
    std::vector<Language> all{{english, QStringLiteral("English")}};
    for (const QString& code : codes) all.push_back({code, nameOf(code)});
    return all;
}

QString language() {
    return inUse().code;
}

void useLanguage(const QString& code) {
    InUse& used = inUse();
    used.ours.reset();  // a translator that goes is not asked any more
    used.qts.reset();
    used.code = isThere(code) ? code : english;
    used.locale = used.code == english ? InUse().locale : QLocale(used.code);
    used.point = used.locale.decimalPoint().front();
    QLocale::setDefault(used.locale);
    if (used.code == english) return;
    used.qts = installed(QStringLiteral("qtbase_") + used.code, {QLibraryInfo::path(QLibraryInfo::TranslationsPath)});
    used.ours = installed(QStringLiteral("attention-lab_") + used.code, translationFolders());
}

void chooseLanguage(const QString& code) {
    useLanguage(code);
    QSettings().setValue(languageKey, language());
}

QString languageToStart() {
    QStringList wanted{qEnvironmentVariable("ATTENTION_LAB_LANGUAGE"), QSettings().value(languageKey).toString()};
    for (const QString& each : QLocale::system().uiLanguages()) wanted << each << each.section(QLatin1Char('-'), 0, 0);
    for (const QString& code : wanted)
        if (isThere(code)) return code;
    return english;
}

const QLocale& shownLocale() {
    return inUse().locale;
}

QChar decimalPoint() {
    return inUse().point;
}

QString quoted(const QString& text) {
    return shownLocale().quoteString(text);
}

}  // namespace lab
