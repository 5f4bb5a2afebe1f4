#pragma once

#include <QLocale>
#include <QString>
#include <vector>

// The language of all texts that are shown. Before useLanguage() it is English, as in every test and command.

namespace lab {

struct Language {
    QString code;  ///< "de"
    QString name;  ///< in itself: "Deutsch"
};

/// English, and one for each resources/translations/attention-lab_CODE.ts. A translator tries a file without building: those of the folder
/// ATTENTION_LAB_TRANSLATIONS (attention-lab_CODE.qm, as lrelease makes them) come in addition.
std::vector<Language> languages();
/// The one in use, by its code.
QString language();
/// From here on all texts that are made, Qt's own among them, are in this language, and numbers and dates as it writes them; one that the
/// program does not have is English. What is on the screen stays as it is.
void useLanguage(const QString& code);
/// The same, and the next start begins with it.
void chooseLanguage(const QString& code);
/// The one of ATTENTION_LAB_LANGUAGE, else the one chosen, else the first of the system's that the program has, else English.
QString languageToStart();

/// How the language in use writes numbers and dates.
const QLocale& shownLocale();
/// "." or ",".
QChar decimalPoint();
/// Between its quotation marks.
QString quoted(const QString& text);

}  // namespace lab
