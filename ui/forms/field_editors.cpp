#include "ui/forms/field_editors.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QPainter>
#include <QWheelEvent>

#include "ui/text/terms.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/lab_style_parts.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// A line with the × of an error at its right end.
class Line : public QLineEdit {
public:
    explicit Line(QWidget* parent) : QLineEdit(parent) { followTheme(this, &Line::makeRoom); }

    void setInvalid(bool invalid) {
        m_invalid = invalid;
        markInvalid(*this, invalid);
        makeRoom();
    }

protected:
    void paintEvent(QPaintEvent* event) override {
        QLineEdit::paintEvent(event);
        if (!m_invalid) return;
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        painter.setPen(theme.color(Role::wrong));
        painter.setFont(theme.font(TextSize::text, true));
        painter.drawText(rect().adjusted(0, 0, -theme.px(actions().isEmpty() ? 7 : 27), 0), Qt::AlignRight | Qt::AlignVCenter,
                         QString(QChar(0x00D7)));
    }

private:
    void makeRoom() {
        const Theme& theme = Theme::instance();
        setTextMargins(theme.px(3), 0, theme.px(m_invalid ? 17 : 3), 0);
    }

    bool m_invalid = false;
};

class LineEditor : public FieldEditor {
public:
    LineEditor(const FieldInfo& field, QWidget* parent) : FieldEditor(parent), m_line(new Line(parent)) {
        const bool number = field.kind == FieldKind::integer || field.kind == FieldKind::real;
        m_line->setAlignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        if (field.path.ends_with("path")) addBrowser();
        connect(m_line, &QLineEdit::textEdited, this, &FieldEditor::edited);
        connect(m_line, &QLineEdit::editingFinished, this, &FieldEditor::finished);
    }

    QWidget& widget() override { return *m_line; }
    QString text() const override { return m_line->text(); }
    void setText(const QString& text) override {
        if (m_line->text() == text) return;
        m_line->setText(text);
        m_line->setCursorPosition(0);
    }
    void setDerivedText(const QString& text) override { m_line->setPlaceholderText(text); }
    void setInvalid(bool invalid) override { m_line->setInvalid(invalid); }

private:
    void addBrowser() {
        QAction* browse = m_line->addAction(icon(QStringLiteral("folder"), Role::muted, 14), QLineEdit::TrailingPosition);
        browse->setToolTip(FieldEditor::tr("Choose a file"));
        connect(browse, &QAction::triggered, this, [this] {
            const QString file = QFileDialog::getOpenFileName(m_line, FieldEditor::tr("Pairs of sequences"), {},
                                                              FieldEditor::tr("Pairs (*.tsv *.txt);;All files (*)"));
            if (file.isEmpty()) return;
            m_line->setText(file);
            emit edited();
            emit finished();
        });
    }

    Line* m_line;
};

class Combo : public QComboBox {
public:
    explicit Combo(QWidget* parent) : QComboBox(parent) { setFocusPolicy(Qt::StrongFocus); }

protected:
    /// The wheel scrolls the form; turning it over a closed list must not change a setting.
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

class ChoiceEditor : public FieldEditor {
public:
    ChoiceEditor(const FieldInfo& field, QWidget* parent) : FieldEditor(parent), m_combo(new Combo(parent)) {
        for (const std::string& choice : field.choices) {
            const QString name = QString::fromStdString(choice);
            m_combo->addItem(name);
            m_combo->setItemData(m_combo->count() - 1, termHelp(name), Qt::ToolTipRole);
        }
        connect(m_combo, &QComboBox::activated, this, [this] {
            emit edited();
            emit finished();
        });
    }

    QWidget& widget() override { return *m_combo; }
    QString text() const override { return m_combo->currentText(); }
    void setText(const QString& text) override { m_combo->setCurrentIndex(m_combo->findText(text)); }
    void setDerivedText(const QString& text) override { m_combo->setPlaceholderText(text); }
    void setInvalid(bool invalid) override { markInvalid(*m_combo, invalid); }

private:
    Combo* m_combo;
};

class Check : public QCheckBox {
public:
    explicit Check(QWidget* parent) : QCheckBox(parent) { setAttribute(Qt::WA_Hover); }

    void setInvalid(bool invalid) {
        m_invalid = invalid;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        const int side = theme.px(14);
        const QRect box(0, (height() - side) / 2, side, side);
        drawCheckSquare(painter, box, {isChecked(), isEnabled(), underMouse(), m_invalid});
        painter.setPen(isEnabled() ? theme.color(Role::text) : faded(theme.color(Role::text)));
        painter.setFont(theme.font(TextSize::text));
        painter.drawText(rect().adjusted(theme.px(20), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         isChecked() ? FieldEditor::tr("yes") : FieldEditor::tr("no"));
    }
    bool hitButton(const QPoint& point) const override { return rect().contains(point); }

private:
    bool m_invalid = false;
};

class BooleanEditor : public FieldEditor {
public:
    explicit BooleanEditor(QWidget* parent) : FieldEditor(parent), m_check(new Check(parent)) {
        connect(m_check, &QCheckBox::clicked, this, [this] {
            emit edited();
            emit finished();
        });
    }

    QWidget& widget() override { return *m_check; }
    QString text() const override { return m_check->isChecked() ? QStringLiteral("true") : QStringLiteral("false"); }
    void setText(const QString& text) override { m_check->setChecked(text == QLatin1String("true")); }
    void setInvalid(bool invalid) override { m_check->setInvalid(invalid); }

private:
    Check* m_check;
};

}  // namespace

FieldEditor* makeFieldEditor(const FieldInfo& field, QWidget* parent) {
    switch (field.kind) {
        case FieldKind::boolean:
            return new BooleanEditor(parent);
        case FieldKind::choice:
            return new ChoiceEditor(field, parent);
        default:
            return new LineEditor(field, parent);
    }
}

}  // namespace lab
