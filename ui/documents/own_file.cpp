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

OwnFile::OwnFile(const QString& first) {
    QDir().mkpath(QFileInfo(first).absolutePath());
    for (int number = 1; number <= mostLeft; ++number)
        if (const QString path = pathOfNumber(first, number); QFileInfo::exists(path) && take(path)) return;
    for (int number = 1; !take(pathOfNumber(first, number)); ++number) continue;
}

bool OwnFile::take(const QString& path) {
    static std::map<QString, std::weak_ptr<FileLock>> ours;
    try {
        auto lock = ours[path].lock();
        if (!lock) lock = std::make_shared<FileLock>(pathOf(path + QStringLiteral(".lock")));
        if (!lock->isHeld()) return false;
        ours[path] = m_lock = std::move(lock);
    } catch (const InputError&) {
        // A read-only folder: nobody else can keep a file there either.
    }
    m_path = path;
    return true;
}

}  // namespace lab
