#pragma once

#include <QWidget>

#include "ui/scenes/attention_overlay.h"

namespace lab {

/// A picture with the weights of one query over it, or with how much more they are than others. A click on a patch makes it the query;
/// arrows move the query, Home and C take the class token.
class OverlayPicture : public QWidget {
    Q_OBJECT

public:
    explicit OverlayPicture(QWidget* parent = nullptr);

    /// `overlay`: one of the scene's; null: nothing lies over the picture.
    void set(const OverlayScene& scene, const AttentionOverlay* overlay);
    void setStrength(OverlayStrength strength);
    /// The patch that another picture beside it points at; -1: none.
    void setFramed(int patch);
    QRectF pictureRect() const;
    int hoveredPatch() const { return m_hovered; }
    int framedPatch() const { return m_hovered >= 0 ? m_hovered : m_framed; }
    const OverlayScene& scene() const { return m_scene; }
    /// What lies over the picture; null: nothing does.
    const AttentionOverlay* overlay() const { return m_hasOverlay ? &m_overlay : nullptr; }
    /// Of the patch under the mouse: "patch 5, row 1, column 2: 0.1234".
    QString reading() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void patchChosen(int patch);  ///< -1: the class token
    void hovered(int patch);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void setHovered(int patch);
    QString readingOf(int patch) const;
    QString numberOf(double value) const;
    void describe();
    bool moveBy(int columns, int rows);

    OverlayScene m_scene;
    AttentionOverlay m_overlay;
    bool m_hasOverlay = false;
    OverlayStrength m_strength = OverlayStrength::both;
    int m_hovered = -1, m_framed = -1;
};

}  // namespace lab
