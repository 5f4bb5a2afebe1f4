#include "ui/documents/own_file.h"

#include <QDir>
#include <QFileInfo>
#include <map>

#include "core/base/errors.h"
#include "ui/documents/document_source.h"

namespace lab {
namespace {

constexpr int mostLeft = 99;  ///< that are looked for

QString pathOfNumber(const QString& first, int number) {
    const QFileInfo file(first);
    if (number == 1) return first;
    return file.path() + QStringLiteral("/%1-%2.%3").arg(file.completeBaseName()).arg(number).arg(file.suffix());
}

}  // namespace

std::optional<std::shared_ptr<FileLock>> lockOf(const QString& file) {
    try {
        auto lock = std::make_shared<FileLock>(pathOf(file + QStringLiteral(".lock")));
        if (!lock->isHeld()) return std::nullopt;
        return lock;
    } catch (const InputError&) {
        return nullptr;
    }
}

OwnFile::OwnFile(const QString& first) {
    QDir().mkpath(QFileInfo(first).absolutePath());
    for (int number = 1; number <= mostLeft; ++number)
        if (const QString path = pathOfNumber(first, number); QFileInfo::exists(path) && take(path)) return;
    for (int number = 1; !take(pathOfNumber(first, number)); ++number) continue;
}

bool OwnFile::take(const QString& path) {
    static std::map<QString, std::weak_ptr<FileLock>> ours;
    m_lock = ours[path].lock();
    if (!m_lock) {
        const auto lock = lockOf(path);
        if (!lock) return false;
        ours[path] = m_lock = *lock;
    }
    m_path = path;
    return true;
}

}  // namespace lab
