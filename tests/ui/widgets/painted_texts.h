#pragma once

#include <QFontMetricsF>
#include <QPaintDevice>
#include <QPaintEngine>
#include <QPainter>
#include <QWidget>
#include <vector>

// What a widget or a picture writes, and where its letters stand.

namespace lab {

struct PaintedText {
    QString text;
    QRectF ink;    ///< of its letters, in the px of what is painted on
    QColor color;  ///< of its letters, as see-through as they are painted
    QFont font;
    bool inView = true;  ///< of what scrolls: not where it is cut off
};

/// Takes the texts of what is painted and nothing else.
class TextsEngine : public QPaintEngine {
public:
    TextsEngine() : QPaintEngine(AllFeatures) {}
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    void updateState(const QPaintEngineState&) override {}
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawImage(const QRectF&, const QImage&, const QRectF&, Qt::ImageConversionFlags) override {}
    void drawPath(const QPainterPath&) override {}
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
    void drawTextItem(const QPointF& at, const QTextItem& item) override {
        if (item.text().trimmed().isEmpty()) return;
        const QRectF ink = QFontMetricsF(item.font()).tightBoundingRect(item.text()).translated(at);
        QColor color = painter()->pen().color();
        color.setAlphaF(color.alphaF() * static_cast<float>(painter()->opacity()));
        const QRectF there = painter()->deviceTransform().mapRect(ink);
        const bool inView = systemClip().isEmpty() || systemClip().contains(there.center().toPoint());
        texts.push_back({item.text(), there, color, item.font(), inView});
    }
    Type type() const override { return User; }

    std::vector<PaintedText> texts;
};

class TextsDevice : public QPaintDevice {
public:
    explicit TextsDevice(const QSize& size) : m_size(size) {}
    QPaintEngine* paintEngine() const override { return &m_engine; }
    const std::vector<PaintedText>& texts() const { return m_engine.texts; }

protected:
    int metric(PaintDeviceMetric metric) const override {
        switch (metric) {
            case PdmWidth:
                return m_size.width();
            case PdmHeight:
                return m_size.height();
            case PdmDepth:
                return 32;
            case PdmDevicePixelRatio:
                return 1;
            case PdmDevicePixelRatioScaled:
                return static_cast<int>(devicePixelRatioFScale());
            default:
                return 96;
        }
    }

private:
    QSize m_size;
    mutable TextsEngine m_engine;
};

/// Of a widget that is not shown: one on the screen may paint a kept picture of its texts.
inline std::vector<PaintedText> paintedTexts(QWidget& widget) {
    TextsDevice device(widget.size());
    widget.render(&device, QPoint(), QRegion(), QWidget::DrawChildren);
    return device.texts();
}

}  // namespace lab
