#pragma once

#include <QAbstractScrollArea>
#include <QPointer>
#include <functional>

#include "ui/pages/stream/patch_scene.h"

class QLineEdit;

namespace lab {

/// How much comes back, cell by cell, under both inputs. A click or the arrows take a cell in hand; a click on a token of the corrupted
/// input, or E, types another; a click on a position, or P, reads the answer there.
class PatchMap : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit PatchMap(const QString& subject, QWidget* parent = nullptr);

    void setScene(const PatchScene& scene);
    const PatchScene& scene() const { return m_scene; }
    /// Without a signal.
    void setChosen(MapCell cell);
    MapCell chosen() const { return m_chosen; }
    /// Says what is wrong with a token typed; empty: fine.
    void setCheck(std::function<QString(const QString&)> check) { m_check = std::move(check); }
    void editToken(int column);
    bool isEditing() const { return !m_editor.isNull(); }
    bool endEditing(bool takeFocus = true);
    /// Instead of cells where there are none.
    void setEmptyText(const QString& text);
    QRectF cellRect(MapCell cell) const { return m_layout.cellRect(cell); }  ///< in the viewport
    QRectF chipRect(int column, bool ofCorrupted) const { return m_layout.chipRect(column, ofCorrupted); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void chosenByHand(int row, int column);
    void tokenTyped(int column, const QString& text);
    void positionWanted(int column);
    void hoverChanged();

protected:
    bool eventFilter(QObject* object, QEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void arrange();
    void choose(MapCell cell);
    void reveal();
    void describe();
    void commit();
    QString tip(const QPointF& at) const;

    QString m_subject, m_emptyText;
    PatchScene m_scene;
    PatchLayout m_layout;
    MapCell m_chosen, m_hovered;
    std::function<QString(const QString&)> m_check;
    QPointer<QLineEdit> m_editor;
    int m_edited = -1;
};

}  // namespace lab
