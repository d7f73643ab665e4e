"""Addresses of the audit trail."""

from __future__ import annotations

from project.audit.views import AuditViewSet
from project.routing import Router

router = Router()
router.register("audit", AuditViewSet, basename="audit")

urlpatterns = router.urls
