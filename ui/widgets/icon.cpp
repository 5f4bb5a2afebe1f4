#include "ui/widgets/icon.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QSvgRenderer>
#include <memory>

namespace lab {
namespace {

constexpr double disabledOpacity = 0.45;

/// The SVG's text; empty (and an assertion) when there is no such icon.
QByteArray source(const QString& name) {
    static QHash<QString, QByteArray> cache;
    const auto known = cache.constFind(name);
    if (known != cache.constEnd()) return *known;
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    const bool opened = file.open(QIODevice::ReadOnly);
    Q_ASSERT_X(opened, "icon", qPrintable(name));
    return *cache.insert(name, opened ? file.readAll() : QByteArray());
}

/// One renderer for each (name, colour): parsing is done once.
QSvgRenderer& renderer(const QString& name, const QColor& color) {
    static QHash<QString, std::shared_ptr<QSvgRenderer>> cache;
    const QString key = name + color.name();
    auto& entry = cache[key];
    if (!entry) {
        QByteArray svg = source(name);
        svg.replace("currentColor", color.name().toLatin1());
        entry = std::make_shared<QSvgRenderer>(svg);
    }
    return *entry;
}

class ThemedIconEngine : public QIconEngine {
public:
    ThemedIconEngine(QString name, Role role, int size) : m_name(std::move(name)), m_role(role), m_size(size) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        painter->save();
        if (mode == QIcon::Disabled) painter->setOpacity(painter->opacity() * disabledOpacity);
        paintIcon(*painter, rect, m_name, Theme::instance().color(m_role));
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap result(size);
        result.fill(Qt::transparent);
        QPainter painter(&result);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return result;
    }

    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override {
        const int most = Theme::instance().px(m_size);
        return size.boundedTo(QSize(most, most));
    }

    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

private:
    QString m_name;
    Role m_role;
    int m_size;
};

}  // namespace

QIcon icon(const QString& name, Role role, int size) {
    source(name);
    return QIcon(new ThemedIconEngine(name, role, size));
}

QPixmap iconPixmap(const QString& name, Role role, int size, qreal devicePixelRatio) {
    const int side = qRound(Theme::instance().px(size) * devicePixelRatio);
    QPixmap result(side, side);
    result.fill(Qt::transparent);
    QPainter painter(&result);
    paintIcon(painter, QRectF(0, 0, side, side), name, Theme::instance().color(role));
    painter.end();
    result.setDevicePixelRatio(devicePixelRatio);
    return result;
}

void paintIcon(QPainter& painter, const QRectF& rect, const QString& name, const QColor& color) {
    const qreal side = qMin(rect.width(), rect.height());
    painter.setRenderHint(QPainter::Antialiasing);
    renderer(name, color).render(&painter, QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side));
}

QStringList iconNames() {
    QStringList names = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name);
    names.replaceInStrings(QStringLiteral(".svg"), QString());
    names.removeAll(QStringLiteral("attention-lab"));
    return names;
}

QIcon applicationIcon() {
    QSvgRenderer svg(source(QStringLiteral("attention-lab")));
    QIcon result;
    for (const int side : {16, 24, 32, 48, 64, 128, 256}) {
        QPixmap picture(side, side);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        svg.render(&painter);
        painter.end();
        result.addPixmap(picture);
    }
    return result;
}

}  // namespace lab
