#pragma once

#include <QSettings>
#include <QString>
#include <QStringList>
#include <functional>

#include "ui/widgets/theme.h"

namespace lab {

/// What the program remembers of files and theme from one start to the next, in the program's QSettings. (MainWindow keeps its own
/// geometry there.) Windows that are open at once add to the same lists.
class WindowSettings {
public:
    WindowSettings();
    /// Kept in this file instead; for tests.
    explicit WindowSettings(const QString& iniFile);

    Theme::Mode themeMode() const;
    void setThemeMode(Theme::Mode mode);

    /// Whether the start page comes with the program; at first it does.
    bool startsWithPage() const;
    void setStartsWithPage(bool starts);

    static constexpr int mostRecentFiles = 8;
    /// Absolute paths, the newest first.
    QStringList recentFiles() const;
    void addRecentFile(const QString& path);
    void removeRecentFile(const QString& path);
    void clearRecentFiles();

    static constexpr int mostRecentSweeps = 4;
    /// Results of sweeps, the newest first; those that are no longer there are left out.
    QStringList recentSweeps() const;
    void addRecentSweep(const QString& path);

    /// Where the last file was opened or saved; the home folder at first.
    QString folder() const;
    void setFolder(const QString& folder);

    /// Parts of the window that a lecturer hides (ui/window/part_table.h).
    QStringList hiddenParts() const;
    void setHiddenParts(const QStringList& parts);
    /// Sets of them by the person's own names, sorted.
    QStringList partSets() const;
    QStringList partSet(const QString& name) const;
    void setPartSet(const QString& name, const QStringList& parts);
    void removePartSet(const QString& name);

    /// The lesson that stays open: a file, or an id; empty: none.
    QString pinnedLesson() const;
    void setPinnedLesson(const QString& lesson);
    /// Where the person's own lessons lie; empty: nowhere yet.
    QString lessonFolder() const;
    void setLessonFolder(const QString& folder);

private:
    void change(const std::function<void()>& make);

    QSettings m_store;
};

}  // namespace lab
