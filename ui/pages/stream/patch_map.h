#pragma once

#include <QPointer>
#include <functional>

#include "ui/pages/stream/cell_map.h"
#include "ui/pages/stream/patch_scene.h"

class QLineEdit;

namespace lab {

/// How much comes back, cell by cell, under both inputs. A click on a token of the corrupted input, or E, types another; a click on a
/// position, or P, reads the answer there.
class PatchMap : public CellMap {
    Q_OBJECT

public:
    explicit PatchMap(const QString& subject, QWidget* parent = nullptr);

    void setScene(const PatchScene& scene);
    const PatchScene& scene() const { return m_scene; }
    /// Says what is wrong with a token typed; empty: fine.
    void setCheck(std::function<QString(const QString&)> check) { m_check = std::move(check); }
    void editToken(int column);
    bool isEditing() const { return !m_editor.isNull(); }
    bool endEditing(bool takeFocus = true);
    /// Instead of cells where there are none.
    void setEmptyText(const QString& text);
    QRectF chipRect(int column, bool ofCorrupted) const { return m_layout.chipRect(column, ofCorrupted); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void tokenTyped(int column, const QString& text);
    void positionWanted(int column);

protected:
    const CellLayout& layoutNow() const override { return m_layout; }
    CellLayout& layOut(const QSizeF& room) override;
    void paintAll(QPainter& painter) override;
    bool canTake(MapCell cell) const override { return m_scene.isSite(cell); }
    QString tipAt(const QPointF& at) const override;
    void describe() override;
    void pressBeside(const QPointF& at) override;
    bool takeKey(int key) override;
    void scrolled() override;
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void commit();

    QString m_subject, m_emptyText;
    PatchScene m_scene;
    PatchLayout m_layout;
    std::function<QString(const QString&)> m_check;
    QPointer<QLineEdit> m_editor;
    int m_edited = -1;
};

}  // namespace lab
