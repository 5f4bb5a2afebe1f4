#pragma once

#include <QWidget>

#include "ui/scenes/line_picture.h"

namespace lab {

/// A head's weights as lines from queries to keys, beside or instead of the map. It shows what the map shows: hovering a line or a token
/// and every key are told to it.
class LineView : public QWidget {
    Q_OBJECT

public:
    /// `map` has the selection, the light and the keys.
    explicit LineView(Map& map, QWidget* parent = nullptr);

    void setWeights(const MapData& weights, const std::vector<QString>& queries, const std::vector<QString>& keys);
    void setSubject(const QString& subject);
    const LinePicture& picture() const { return m_picture; }
    QRectF room() const;

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void describe();

    Map& m_map;
    LinePicture m_picture;
    MapCell m_clicked;  ///< by the last click here
    QString m_subject;
};

}  // namespace lab
