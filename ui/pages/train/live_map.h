#pragma once

#include <QWidget>

#include "ui/widgets/map/map_data.h"

namespace lab {

/// The small map beside the loss: one head's weights as they are at the shown step, with what it is and what its colours mean. A click or
/// Enter asks for more of it.
class LiveMap : public QWidget {
    Q_OBJECT

public:
    explicit LiveMap(QWidget* parent = nullptr);

    void setMap(const MapData& data, const QString& head, const QString& moment, const ColorScaling& scaling = {});
    const MapData& data() const { return m_picture.data(); }
    QString head() const { return m_head; }
    QString moment() const { return m_moment; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void activated();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void paintWords(QPainter& painter, const QRectF& room) const;

    MapPicture m_picture;
    QString m_head;
    QString m_moment;
};

}  // namespace lab
