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

QStringList WindowSettings::recentFiles() const {
    return m_store.value(recentKey).toStringList();
}

void WindowSettings::addRecentFile(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    QStringList files = recentFiles();
    files.removeAll(absolute);
    files.prepend(absolute);
    m_store.setValue(recentKey, QStringList(files.mid(0, mostRecentFiles)));
    setFolder(QFileInfo(absolute).absolutePath());
}

void WindowSettings::removeRecentFile(const QString& path) {
    QStringList files = recentFiles();
    files.removeAll(QFileInfo(path).absoluteFilePath());
    m_store.setValue(recentKey, files);
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
    QStringList files = m_store.value(sweepsKey).toStringList();
    files.removeAll(absolute);
    files.prepend(absolute);
    m_store.setValue(sweepsKey, QStringList(files.mid(0, mostRecentSweeps)));
}

QString WindowSettings::folder() const {
    const QString folder = m_store.value(folderKey).toString();
    return !folder.isEmpty() && QDir(folder).exists() ? folder : QDir::homePath();
}

void WindowSettings::setFolder(const QString& folder) {
    m_store.setValue(folderKey, folder);
}

}  // namespace lab
