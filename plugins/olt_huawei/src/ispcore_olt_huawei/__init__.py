"""ONUs on Huawei SmartAX OLTs."""
