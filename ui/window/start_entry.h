#pragma once

#include <QAbstractButton>
#include <QPixmap>

namespace lab {

/// A row to choose: a picture, a bold title, and what it is, muted and shortened where there is less room. Up and Down go to the rows
/// beside it; Left and Right are left to whoever arranges them.
class StartEntry : public QAbstractButton {
    Q_OBJECT

public:
    StartEntry(const QString& title, const QString& detail, QWidget* parent = nullptr);

    void setPicture(const QPixmap& picture);
    /// More is chosen behind it, in a menu.
    void setOpensMore();
    /// Side of a picture in px, at the theme's scale.
    static int pictureSide();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QString m_detail;
    QPixmap m_picture;
    bool m_opensMore = false;
};

}  // namespace lab
