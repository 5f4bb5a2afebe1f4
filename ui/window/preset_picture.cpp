#include "ui/window/preset_picture.h"

#include <QFile>
#include <QHash>
#include <QPainter>

#include "core/analysis/kept_map.h"
#include "ui/widgets/color_map.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

const KeptMap* keptMapOf(const QString& preset) {
    static const QHash<QString, KeptMap> maps = [] {
        QHash<QString, KeptMap> read;
        QFile file(QStringLiteral(":/help/preset_maps.txt"));
        if (!file.open(QIODevice::ReadOnly)) return read;
        while (!file.atEnd()) {
            const QString line = QString::fromUtf8(file.readLine()).trimmed();
            const qsizetype space = line.indexOf(QLatin1Char(' '));
            if (const auto map = parseKeptMap(line.mid(space + 1).toStdString())) read.insert(line.left(space), *map);
        }
        return read;
    }();
    const auto found = maps.constFind(preset);
    return found == maps.constEnd() ? nullptr : &*found;
}

}  // namespace

QPixmap presetPicture(const QString& preset, int px) {
    const KeptMap* map = keptMapOf(preset);
    if (!map) return {};
    QImage cells(map->columns, map->rows, QImage::Format_RGB32);
    const ColorScaling scaling;
    for (int i = 0; i < map->rows; ++i)
        for (int j = 0; j < map->columns; ++j)
            cells.setPixel(j, i, scaling.color(static_cast<double>(map->weights[static_cast<std::size_t>(i * map->columns + j)])));
    QPixmap picture(px, px);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    const QSize size = cells.size().scaled(px - 2, px - 2, Qt::KeepAspectRatio);
    const QRect at((px - size.width()) / 2, (px - size.height()) / 2, size.width(), size.height());
    painter.drawImage(at, cells);
    drawFrame(painter, at.adjusted(-1, -1, 1, 1), 0, Theme::instance().color(Role::controlBorder));
    return picture;
}

}  // namespace lab
