#pragma once

#include <QWidget>
#include <memory>

#include "core/codes/code_report.h"

namespace lab {

/// The bits a code must have to tell all sequences apart, those it has room for, and those it uses; the first is a dashed line on each.
class CodeBits : public QWidget {
    Q_OBJECT

public:
    explicit CodeBits(QWidget* parent = nullptr);

    /// Null: not measured.
    void setReport(std::shared_ptr<const codes::CodeReport> report);
    const std::shared_ptr<const codes::CodeReport>& report() const { return m_report; }
    void setEmptyText(const QString& text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static void paint(QPainter& painter, const QRectF& room, const codes::CodeReport& report);
    /// What the bars are called and how long they are: "used", 29.8.
    struct Bar {
        QString name;     ///< plain, for files and screen readers
        QString formula;  ///< as it is drawn
        double bits = 0;
        bool strong = false;
    };
    static std::vector<Bar> barsOf(const codes::CodeReport& report);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();

    std::shared_ptr<const codes::CodeReport> m_report;
    QString m_emptyText;
};

}  // namespace lab
