#include "ui/window/window_settings.h"

#include <QDir>
#include <QFileInfo>
#include <array>
#include <utility>

namespace lab {
namespace {

const QString themeKey = QStringLiteral("window/theme");
const QString startKey = QStringLiteral("window/start_page");
const QString recentKey = QStringLiteral("files/recent");
const QString sweepsKey = QStringLiteral("sweeps/recent");
const QString folderKey = QStringLiteral("files/folder");
const QString hiddenKey = QStringLiteral("parts/hidden");
const QString partSetsKey = QStringLiteral("parts/sets");  // one value: a person's name for a set may have a / in it
const QString pinnedKey = QStringLiteral("lessons/pinned");
const QString lessonsKey = QStringLiteral("lessons/folder");

constexpr std::array<std::pair<Theme::Mode, const char*>, 3> modeNames = {
    {{Theme::Mode::system, "system"}, {Theme::Mode::light, "light"}, {Theme::Mode::dark, "dark"}}};

}  // namespace

WindowSettings::WindowSettings() = default;

WindowSettings::WindowSettings(const QString& iniFile) : m_store(iniFile, QSettings::IniFormat) {}

Theme::Mode WindowSettings::themeMode() const {
    const QString name = m_store.value(themeKey).toString();
    for (const auto& [mode, modeName] : modeNames)
        if (name == QLatin1String(modeName)) return mode;
    return Theme::Mode::system;
}

void WindowSettings::setThemeMode(Theme::Mode mode) {
    for (const auto& [known, name] : modeNames)
        if (known == mode) m_store.setValue(themeKey, QLatin1String(name));
}

bool WindowSettings::startsWithPage() const {
    return m_store.value(startKey, true).toBool();
}

void WindowSettings::setStartsWithPage(bool starts) {
    m_store.setValue(startKey, starts);
}

/// Of a list that other windows of the same person add to as well: from what lies there now, and at once.
void WindowSettings::change(const std::function<void()>& make) {
    m_store.sync();
    make();
    m_store.sync();
}

QStringList WindowSettings::recentFiles() const {
    return m_store.value(recentKey).toStringList();
}

void WindowSettings::addRecentFile(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    change([&] {
        QStringList files = recentFiles();
        files.removeAll(absolute);
        files.prepend(absolute);
        m_store.setValue(recentKey, QStringList(files.mid(0, mostRecentFiles)));
    });
    setFolder(QFileInfo(absolute).absolutePath());
}

void WindowSettings::removeRecentFile(const QString& path) {
    change([&] {
        QStringList files = recentFiles();
        files.removeAll(QFileInfo(path).absoluteFilePath());
        m_store.setValue(recentKey, files);
    });
}

void WindowSettings::clearRecentFiles() {
    m_store.remove(recentKey);
}

QStringList WindowSettings::recentSweeps() const {
    QStringList there;
    for (const QString& path : m_store.value(sweepsKey).toStringList())
        if (QFileInfo::exists(path)) there += path;
    return there;
}

void WindowSettings::addRecentSweep(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    change([&] {
        QStringList files = m_store.value(sweepsKey).toStringList();
        files.removeAll(absolute);
        files.prepend(absolute);
        m_store.setValue(sweepsKey, QStringList(files.mid(0, mostRecentSweeps)));
    });
}

QString WindowSettings::folder() const {
    const QString folder = m_store.value(folderKey).toString();
    return !folder.isEmpty() && QDir(folder).exists() ? folder : QDir::homePath();
}

void WindowSettings::setFolder(const QString& folder) {
    m_store.setValue(folderKey, folder);
}

QStringList WindowSettings::hiddenParts() const {
    return m_store.value(hiddenKey).toStringList();
}

void WindowSettings::setHiddenParts(const QStringList& parts) {
    m_store.setValue(hiddenKey, parts);
}

QStringList WindowSettings::partSets() const {
    return m_store.value(partSetsKey).toMap().keys();
}

QStringList WindowSettings::partSet(const QString& name) const {
    return m_store.value(partSetsKey).toMap().value(name).toStringList();
}

void WindowSettings::setPartSet(const QString& name, const QStringList& parts) {
    change([&] {
        QVariantMap sets = m_store.value(partSetsKey).toMap();
        sets[name] = parts;
        m_store.setValue(partSetsKey, sets);
    });
}

void WindowSettings::removePartSet(const QString& name) {
    change([&] {
        QVariantMap sets = m_store.value(partSetsKey).toMap();
        sets.remove(name);
        m_store.setValue(partSetsKey, sets);
    });
}

QString WindowSettings::pinnedLesson() const {
    return m_store.value(pinnedKey).toString();
}

void WindowSettings::setPinnedLesson(const QString& lesson) {
    m_store.setValue(pinnedKey, lesson);
}

QString WindowSettings::lessonFolder() const {
    return m_store.value(lessonsKey).toString();
}

void WindowSettings::setLessonFolder(const QString& folder) {
    m_store.setValue(lessonsKey, folder);
}

}  // namespace lab
